// What the forms hold, and how it becomes the bodies of POST /api/planner/staff and /simulate. Pure but for the calls.
import { call } from '../shared/api'

export interface Estimate {
  mean: number | null
  half_width: number | null // of the 95 % confidence interval
}

// ---- staffing
export interface StaffingForm {
  from: number // minutes after midnight of the first interval
  minutes: number // of an interval
  arrivals: (number | null)[] // in each
  handle_s: number | null
  patience_s: number | null // null: nobody leaves
  level: number | null // percent
  within_s: number | null
}
export interface StaffedInterval {
  label: string
  arrivals_per_hour: number
  agents_by_formula: number
  agents: number
  occupancy: number
  service_level: Estimate
  abandoned_share: Estimate
}
export interface Staffing {
  intervals: StaffedInterval[]
}

export const kIntervalMinutes = [15, 30, 60]
const pad = (value: number): string => String(value).padStart(2, '0')
export const clock = (minutes: number): string => `${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`
export const labelOf = (form: StaffingForm, at: number): string => clock(form.from + at * form.minutes)

export function staffingExample(): StaffingForm {
  const arrivals = [18, 26, 38, 52, 61, 64, 58, 47, 40, 44, 53, 60, 57, 49, 41, 33, 27, 22, 17, 12]
  return { from: 9 * 60, minutes: 30, arrivals, handle_s: 240, patience_s: 180, level: 80, within_s: 20 }
}

// The same demand spread over other intervals or another part of the day.
export function reshaped(form: StaffingForm, from: number, until: number, minutes: number): StaffingForm {
  const count = Math.max(1, Math.round((until - from) / minutes))
  const rateAt = (minute: number): number => {
    const at = Math.floor((minute - form.from) / form.minutes)
    return (form.arrivals[at] ?? 0) / form.minutes
  }
  const step = Math.min(minutes, form.minutes)
  const arrivals = Array.from({ length: count }, (_, at) => {
    let sum = 0
    for (let minute = from + at * minutes; minute < from + (at + 1) * minutes; minute += step) sum += rateAt(minute) * step
    return Math.round(sum)
  })
  return { ...form, from, minutes, arrivals }
}

export const staffingBody = (form: StaffingForm): object => ({
  intervals: form.arrivals.map((count, at) => ({ label: labelOf(form, at), arrivals_per_hour: ((count ?? 0) * 60) / form.minutes })),
  interval_s: form.minutes * 60,
  handle_s: form.handle_s,
  ...(form.patience_s === null ? {} : { patience_s: form.patience_s }),
  service_level: (form.level ?? 0) / 100,
  within_s: form.within_s,
})

export interface Demand {
  queue: number
  from_ms: number
  until_ms: number
  interval_s: number
  arrivals: number[]
  answered: number
  abandoned: number
  handle_mean_ms: number
}

// The measured day without the empty hours around it; null: nothing came.
export function measured(form: StaffingForm, demand: Demand): StaffingForm | null {
  const first = demand.arrivals.findIndex((count) => count > 0)
  if (first < 0) return null
  const last = demand.arrivals.findLastIndex((count) => count > 0)
  const minutes = demand.interval_s / 60
  return {
    ...form,
    from: first * minutes,
    minutes,
    arrivals: demand.arrivals.slice(first, last + 1),
    handle_s: demand.handle_mean_ms > 0 ? Math.round(demand.handle_mean_ms / 1000) : form.handle_s,
  }
}

// ---- simulation
export interface QueueForm {
  name: string
  rate: number | null // arrivals per hour
  handle_s: number | null
  patience_s: number | null
  priority: number | null
}
export interface GroupForm {
  count: number | null
  queues: string[] // empty: all
  capacity: number | null
}
export interface ScenarioForm {
  hours: number | null
  replications: number | null
  seed: number | null
  within_s: number | null
  queues: QueueForm[]
  groups: GroupForm[]
}
export const kFigures = ['offered', 'answered', 'abandoned', 'blocked', 'service_level', 'delayed_share', 'wait_mean_s', 'wait_answered_mean_s', 'wait_p50_s', 'wait_p90_s', 'wait_p99_s', 'queue_length_mean', 'occupancy'] as const
export type Figure = (typeof kFigures)[number]
export type Figures = Partial<Record<Figure, Estimate>>
export interface Simulation {
  seed: number
  replications: number
  duration_s: number
  warmup_s: number
  service_level_s: number
  interactions: number
  all: Figures
  queues: Record<string, Figures>
}

export function scenarioExample(names: { sales: string; support: string }): ScenarioForm {
  return {
    hours: 8, replications: 30, seed: 7, within_s: 20,
    queues: [
      { name: names.sales, rate: 90, handle_s: 240, patience_s: 180, priority: 0 },
      { name: names.support, rate: 60, handle_s: 420, patience_s: 300, priority: 0 },
    ],
    groups: [
      { count: 6, queues: [names.sales], capacity: 1 },
      { count: 5, queues: [names.support], capacity: 1 },
      { count: 4, queues: [], capacity: 1 },
    ],
  }
}

const kWarmupShare = 0.1

export const scenarioBody = (form: ScenarioForm): object => {
  const duration = (form.hours ?? 0) * 3600
  return {
    seed: form.seed ?? 1,
    duration_s: duration,
    warmup_s: duration * kWarmupShare,
    replications: form.replications,
    service_level_s: form.within_s,
    queue: form.queues.map((queue) => ({
      name: queue.name.trim(),
      priority: queue.priority ?? 0,
      arrivals: { process: 'poisson', rate_per_hour: queue.rate },
      handle_time: { distribution: 'exponential', mean_s: queue.handle_s },
      ...(queue.patience_s === null ? {} : { patience: { distribution: 'exponential', mean_s: queue.patience_s } }),
    })),
    agents: form.groups.map((group) => ({ count: group.count, capacity: group.capacity ?? 1, ...(group.queues.length > 0 ? { queues: group.queues } : {}) })),
  }
}

// ---- calls
export interface Progress {
  running: boolean
  begun_ms?: number
  done?: number
  of?: number
}
export const planner = {
  staff: (form: StaffingForm) => call<Staffing>('POST', '/api/planner/staff', staffingBody(form)),
  simulate: (form: ScenarioForm) => call<Simulation>('POST', '/api/planner/simulate', scenarioBody(form)),
  progress: () => call<Progress>('GET', '/api/planner'),
  stop: () => call<void>('DELETE', '/api/planner'),
  demand: (queue: number, interval_s: number) => call<Demand>('GET', `/api/planner/demand?queue=${queue}&interval_s=${interval_s}`),
}
