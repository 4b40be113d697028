import { describe, expect, it } from 'vitest'
import { measured, reshaped, scenarioBody, scenarioExample, staffingBody, staffingExample, labelOf, type Demand } from '../src/planner/plan'

const sum = (counts: (number | null)[]) => counts.reduce((all: number, count) => all + (count ?? 0), 0)

describe('the staffing form', () => {
  it('asks by the hour for what it holds by the interval', () => {
    const body = staffingBody(staffingExample()) as { intervals: { label: string; arrivals_per_hour: number }[]; interval_s: number; service_level: number; patience_s?: number }
    expect(body.intervals[0]).toEqual({ label: '09:00', arrivals_per_hour: 36 })
    expect(body.intervals).toHaveLength(20)
    expect(body.interval_s).toBe(1800)
    expect(body.service_level).toBeCloseTo(0.8)
    expect(body.patience_s).toBe(180)
    expect(staffingBody({ ...staffingExample(), patience_s: null })).not.toHaveProperty('patience_s')
  })

  it('keeps the arrivals when the intervals change', () => {
    const form = staffingExample()
    const hourly = reshaped(form, form.from, form.from + 600, 60)
    expect(hourly.arrivals).toHaveLength(10)
    expect(hourly.arrivals[0]).toBe(18 + 26)
    expect(sum(hourly.arrivals)).toBe(sum(form.arrivals))
    const quarters = reshaped(form, form.from, form.from + 600, 15)
    expect(quarters.arrivals.slice(0, 2)).toEqual([9, 9])
    const earlier = reshaped(form, form.from - 60, form.from + 600, 30)
    expect(earlier.arrivals.slice(0, 3)).toEqual([0, 0, 18])
  })

  it('takes a measured day without the empty hours around it', () => {
    const arrivals = Array.from({ length: 48 }, () => 0)
    arrivals[17] = 4
    arrivals[20] = 9
    const demand: Demand = { queue: 1, from_ms: 0, until_ms: 86_400_000, interval_s: 1800, arrivals, answered: 12, abandoned: 1, handle_mean_ms: 123_456 }
    const form = measured(staffingExample(), demand)!
    expect(form.arrivals).toEqual([4, 0, 0, 9])
    expect(labelOf(form, 0)).toBe('08:30')
    expect(form.handle_s).toBe(123)
    expect(measured(staffingExample(), { ...demand, arrivals: arrivals.map(() => 0) })).toBeNull()
  })
})

it('the scenario leaves out what is unlimited', () => {
  const form = scenarioExample({ sales: 'Sales', support: 'Support' })
  form.queues[0]!.patience_s = null
  const body = scenarioBody(form) as { queue: object[]; agents: object[]; duration_s: number }
  expect(body.duration_s).toBe(28_800)
  expect(body.queue[0]).not.toHaveProperty('patience')
  expect(body.queue[1]).toMatchObject({ patience: { distribution: 'exponential', mean_s: 300 } })
  expect(body.agents[0]).toMatchObject({ count: 6, queues: ['Sales'] })
  expect(body.agents[2]).not.toHaveProperty('queues')
})
