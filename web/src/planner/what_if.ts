// What the what-if form holds, and how it becomes the body of POST /api/planner/whatif. Pure but for the call.
import { call } from '../shared/api'
import type { Estimate } from './plan'

export const kPolicies = ['longest_idle', 'best_proficiency', 'least_occupied', 'round_robin'] as const
export const kOrders = ['aging', 'fifo', 'least_slack', 'fair_share'] as const

// Changes of one queue; empty words and 0 leave it as it was.
export interface QueueChangeForm {
  name: string
  agents: number | null // more or fewer
  policy: '' | (typeof kPolicies)[number]
  order: '' | (typeof kOrders)[number]
  relaxation: '' | 'none' // none: no steps
}
export interface WhatIfForm {
  from: string // as datetime-local has it, in the browser's time zone
  to: string
  replications: number | null
  seed: number | null
  arrivals: number | null // percent of what came
  handle: number | null // percent of what it took
  queues: QueueChangeForm[]
  flow: '' | 'rules' | 'none' // as it was, `rules`, or none at all
  rules: string // [[flow]] as in the configuration
}

export const unchangedQueue = (name: string): QueueChangeForm => ({ name, agents: 0, policy: '', order: '', relaxation: '' })

const pad = (value: number): string => String(value).padStart(2, '0')
export const localTime = (at: Date): string => `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`

// The last 24 hours, nothing changed.
export function whatIfExample(now: Date): WhatIfForm {
  return { from: localTime(new Date(now.getTime() - 86_400_000)), to: localTime(now), replications: 20, seed: 1, arrivals: 100, handle: 100, queues: [], flow: '', rules: '' }
}

const asUtc = (local: string): string => `${new Date(local).toISOString().slice(0, 19)}Z`
export const isTime = (local: string): boolean => local !== '' && !Number.isNaN(new Date(local).getTime())

export function changesOf(form: WhatIfForm): Record<string, unknown> {
  const factor = (percent: number | null): number => (percent ?? 100) / 100
  const added = form.queues.filter((queue) => (queue.agents ?? 0) > 0)
  const removed = form.queues.filter((queue) => (queue.agents ?? 0) < 0)
  const set = form.queues.filter((queue) => queue.policy !== '' || queue.order !== '' || queue.relaxation !== '')
  return {
    ...(form.arrivals === 100 ? {} : { arrivals_factor: factor(form.arrivals) }),
    ...(form.handle === 100 ? {} : { handle_time_factor: factor(form.handle) }),
    ...(added.length === 0 ? {} : { add_agents: added.map((queue) => ({ count: queue.agents, queues: [queue.name] })) }),
    ...(removed.length === 0 ? {} : { remove_agents: removed.map((queue) => ({ queue: queue.name, count: -(queue.agents ?? 0) })) }),
    ...(set.length === 0 ? {} : { queue: set.map((queue) => ({ name: queue.name, ...(queue.policy ? { policy: queue.policy } : {}), ...(queue.order ? { order: queue.order } : {}), ...(queue.relaxation ? { relaxation: [] } : {}) })) }),
    ...(form.flow === '' ? {} : { flow: form.flow === 'none' ? [] : form.rules }),
  }
}
export const changesNothing = (form: WhatIfForm): boolean => Object.keys(changesOf(form)).length === 0

export const whatIfBody = (form: WhatIfForm): object => ({ from: asUtc(form.from), to: asUtc(form.to), replications: form.replications, seed: form.seed ?? 1, changes: changesOf(form) })

export const kComparedFigures = ['offered', 'answered', 'abandoned', 'blocked', 'unfinished', 'service_level', 'wait_mean_s', 'wait_p50_s', 'wait_p90_s', 'wait_p99_s', 'queue_length_mean', 'occupancy'] as const
export type ComparedFigure = (typeof kComparedFigures)[number]
export type Estimates = Partial<Record<ComparedFigure, Estimate>>
export type Measured = Partial<Record<ComparedFigure, number | null>>
export interface Scopes<T> {
  all: T
  queues: Record<string, T>
}
export interface WhatIf {
  from_ms: number
  until_ms: number
  seed: number
  replications: number
  queues: string[]
  in_time_s: number[]
  in_time_alternative_s: number[]
  happened: Scopes<Measured>
  today: Scopes<Estimates>
  alternative: Scopes<Estimates>
  difference: Scopes<Estimates>
  assumptions: { text_en: string; text_zh: string }[]
}

// Whether the confidence interval of a difference leaves out that nothing changed.
export const isCertain = (estimate: Estimate | undefined): boolean =>
  estimate?.mean != null && estimate.half_width != null && Math.abs(estimate.mean) > estimate.half_width

export const askWhatIf = (form: WhatIfForm): Promise<WhatIf> => call<WhatIf>('POST', '/api/planner/whatif', whatIfBody(form))
