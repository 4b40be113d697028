// One ticking clock for all countdowns, in server time.
import { ref } from 'vue'

let offsetMs = 0
export const now = ref(Date.now())

export function setServerTime(serverMs: number): void {
  offsetMs = serverMs - Date.now()
  now.value = serverMs
}

export function serverNow(): number {
  return Date.now() + offsetMs
}

setInterval(() => {
  now.value = serverNow()
}, 500)
