import { ref, type Ref } from 'vue'

export interface Sorting<K extends string> {
  by: Ref<K>
  down: Ref<boolean>
  press: (key: K) => void
  aria: (key: K) => 'ascending' | 'descending' | 'none'
}

export function useSort<K extends string>(first: K, firstDown: boolean): Sorting<K> {
  const by = ref(first) as Ref<K>
  const down = ref(firstDown)
  return {
    by,
    down,
    press(key) {
      if (by.value === key) down.value = !down.value
      else {
        by.value = key
        down.value = key !== 'name'
      }
    },
    aria: (key) => (by.value !== key ? 'none' : down.value ? 'descending' : 'ascending'),
  }
}

export function compare(a: number | string, b: number | string): number {
  return typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b)
}
