// Sums over queues and agents for the row of key figures.
import type { AgentCard, QueueCard } from '../protocol'
import { kUnknownServiceLevel } from '../protocol'

export interface Totals {
  waiting: number
  oldestMs: number // arrival of the oldest; 0 none
  answered: number
  abandoned: number
  serviceLevel: number | null
  waitAverageMs: number | null
}

export function totals(queues: QueueCard[]): Totals {
  const sum = (pick: (queue: QueueCard) => number | undefined) => queues.reduce((all, queue) => all + (pick(queue) ?? 0), 0)
  const oldest = queues.map((queue) => queue.oldest_ms ?? 0).filter((ms) => ms > 0)
  const answered = sum((queue) => queue.answered)
  const rated = queues.filter((queue) => (queue.service_level ?? 0) !== kUnknownServiceLevel && (queue.answered ?? 0) > 0)
  const ratedAnswers = rated.reduce((all, queue) => all + (queue.answered ?? 0), 0)
  return {
    waiting: sum((queue) => queue.waiting),
    oldestMs: oldest.length > 0 ? Math.min(...oldest) : 0,
    answered,
    abandoned: sum((queue) => queue.abandoned),
    serviceLevel: ratedAnswers > 0 ? rated.reduce((all, queue) => all + (queue.service_level ?? 0) * (queue.answered ?? 0), 0) / ratedAnswers : null,
    waitAverageMs: answered > 0 ? queues.reduce((all, queue) => all + (queue.wait_average_ms ?? 0) * (queue.answered ?? 0), 0) / answered : null,
  }
}

export const isRated = (queue: QueueCard): boolean => queue.service_level !== kUnknownServiceLevel && (queue.answered ?? 0) > 0

export const levelTone = (level: number): string => (level >= 80 ? 'good' : level >= 60 ? 'warn' : 'bad')

export const waitTone = (ms: number): string => (ms >= 120_000 ? 'bad' : ms >= 60_000 ? 'warn' : '')

// What an agent is doing, which is more than the presence they chose.
export function activity(agent: AgentCard): 'offline' | 'working' | 'wrap_up' | 'ringing' | 'free' | 'away' | 'not_responding' {
  const presence = agent.presence ?? 'offline'
  if ((agent.work ?? 0) > 0) return 'working'
  if ((agent.wrap_ups ?? 0) > 0) return 'wrap_up'
  if ((agent.offers ?? 0) > 0) return 'ringing'
  return presence === 'available' ? 'free' : presence
}
