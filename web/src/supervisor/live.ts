// What a row of the board stands for, piece by piece: asked for again every two seconds while it is looked at.
import { ref } from 'vue'
import type { AgentCard, Channel, QueueCard } from '../protocol'
import { api } from '../shared/api'
import { errorText } from '../shared/toast'

export type Subject = { kind: 'queue'; card: QueueCard } | { kind: 'agent'; card: AgentCard }
export interface LiveRow {
  interaction: number
  channel: Channel
  queue: number
  name: string // empty: nobody knows
  since?: number
  state?: string // of an agent's work
  preview?: string
  place?: number
  waits?: boolean
  callback?: boolean // waits to be called
}

export const subject = ref<Subject | null>(null)
export const rows = ref<LiveRow[]>([])
export const total = ref(0)
export const problem = ref('')
export const loaded = ref(false)

const kPeriodMs = 2000
let timer: ReturnType<typeof setTimeout> | undefined
let round = 0

export function look(next: Subject): void {
  subject.value = next
  rows.value = []
  loaded.value = false
  problem.value = ''
  void refresh()
}

export function lookAway(): void {
  subject.value = null
  round++
  clearTimeout(timer)
}

async function refresh(): Promise<void> {
  const mine = ++round
  clearTimeout(timer)
  const about = subject.value
  if (!about) return
  try {
    const next = about.kind === 'queue' ? await ofQueue(about.card.queue) : await ofAgent(about.card.agent)
    if (mine !== round) return
    rows.value = next.rows
    total.value = next.total
    problem.value = ''
  } catch (error) {
    if (mine !== round) return
    problem.value = errorText(error)
  }
  loaded.value = true
  timer = setTimeout(() => void refresh(), kPeriodMs)
}

async function ofQueue(queue: number): Promise<{ rows: LiveRow[]; total: number }> {
  const { waiting, total } = await api.queueWaiting(queue)
  return {
    total,
    rows: waiting.map((card) => ({ interaction: card.interaction, channel: card.channel, queue: card.queue, waits: true, name: card.customer_name ?? '', since: card.queued_ms, preview: card.preview ?? '', place: card.position ?? 1, callback: card.callback ?? false })),
  }
}

async function ofAgent(agent: number): Promise<{ rows: LiveRow[]; total: number }> {
  const work = await api.agentWork(agent)
  return {
    total: work.length,
    rows: work.map((item) => ({ interaction: item.interaction, channel: item.channel, queue: item.queue, name: item.customer_name ?? '', state: item.state, ...(item.since_ms ? { since: item.since_ms } : {}) })),
  }
}
