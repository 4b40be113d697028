// What is half written, by interaction: it survives a switch to other work and a reload of the page.
import { reactive, watch } from 'vue'
import { onFrame } from '../shared/console_store'

const kKey = 'sb.drafts'

function stored(): [number, string][] {
  try {
    return JSON.parse(sessionStorage.getItem(kKey) ?? '[]') as [number, string][]
  } catch {
    return []
  }
}

export const drafts = reactive(new Map<number, string>(stored()))

watch(drafts, () => {
  try {
    sessionStorage.setItem(kKey, JSON.stringify([...drafts].filter(([, text]) => text !== '')))
  } catch {
    // Without storage a draft lasts as long as the page.
  }
})

onFrame((frame) => {
  if (frame.type === 'work_gone') drafts.delete(frame.interaction)
})
