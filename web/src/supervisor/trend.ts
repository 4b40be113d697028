// How many waited over the last 15 minutes, sampled here while the page is open and kept across a reload.
import { reactive } from 'vue'
import type { QueueCard } from '../protocol'
import { serverNow } from '../shared/clock'
import { connection, state } from '../shared/console_store'

export interface Sample {
  at: number
  waiting: number
}

export const kTrendMs = 15 * 60_000
const kEveryMs = 5_000
const kKey = 'sb.trend'
export const kAllQueues = 0

export const trends = reactive(new Map<number, Sample[]>(stored()))

function stored(): [number, Sample[]][] {
  try {
    return JSON.parse(sessionStorage.getItem(kKey) ?? '[]') as [number, Sample[]][]
  } catch {
    return []
  }
}

function sample(): void {
  if (connection.value !== 'open' || !state.ready) return
  const at = serverNow()
  add(kAllQueues, at, state.queues.reduce((sum, queue: QueueCard) => sum + (queue.waiting ?? 0), 0))
  for (const queue of state.queues) add(queue.queue, at, queue.waiting ?? 0)
  try {
    sessionStorage.setItem(kKey, JSON.stringify([...trends]))
  } catch {
    // Without storage the line starts anew after a reload.
  }
}

function add(queue: number, at: number, waiting: number): void {
  const kept = (trends.get(queue) ?? []).filter((item) => item.at > at - kTrendMs)
  trends.set(queue, [...kept, { at, waiting }])
}

export function startTrends(): void {
  setInterval(sample, kEveryMs)
}
