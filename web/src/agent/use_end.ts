// Ending asks for a second press, so that one slip does not cut a customer off.
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import type { WorkCard } from '../protocol'
import { request } from '../shared/console_store'
import { endPressed } from './shortcuts'

const kArmedMs = 3000

export function useEnd(work: () => WorkCard): { armed: Ref<boolean>; press: () => void } {
  const armed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  function press(): void {
    clearTimeout(timer)
    if (armed.value) {
      armed.value = false
      const { interaction, owner } = work()
      void request(owner ? { type: 'leave_conference', interaction } : { type: 'end', interaction })
      return
    }
    armed.value = true
    timer = setTimeout(() => {
      armed.value = false
    }, kArmedMs)
  }

  watch(endPressed, press)
  onBeforeUnmount(() => clearTimeout(timer))
  return { armed, press }
}
