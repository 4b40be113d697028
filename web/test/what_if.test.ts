import { describe, expect, it } from 'vitest'
import { changesNothing, changesOf, isCertain, localTime, unchangedQueue, whatIfBody, whatIfExample } from '../src/planner/what_if'

const noon = new Date('2026-11-22T12:00:00Z')

describe('the what-if form', () => {
  it('begins with the last day and nothing changed', () => {
    const form = whatIfExample(noon)
    expect(changesNothing(form)).toBe(true)
    const body = whatIfBody(form) as { from: string; to: string; replications: number }
    expect(body.from).toBe('2026-11-21T12:00:00Z')
    expect(body.to).toBe('2026-11-22T12:00:00Z')
    expect(body.replications).toBe(20)
    expect(new Date(localTime(noon)).getTime()).toBe(noon.getTime())
  })

  it('says only what changes', () => {
    const form = whatIfExample(noon)
    form.queues = [
      { ...unchangedQueue('sales'), agents: 2, order: 'fifo' },
      { ...unchangedQueue('support'), agents: -1, relaxation: 'none' },
      unchangedQueue('mail'),
    ]
    form.handle = 90
    expect(changesOf(form)).toEqual({
      handle_time_factor: 0.9,
      add_agents: [{ count: 2, queues: ['sales'] }],
      remove_agents: [{ queue: 'support', count: 1 }],
      queue: [{ name: 'sales', order: 'fifo' }, { name: 'support', relaxation: [] }],
    })
  })

  it('takes another flow as it is written, or none', () => {
    const form = whatIfExample(noon)
    form.rules = '[[flow]]\nname = "a"\nthen = {}\n'
    expect(changesNothing(form)).toBe(true)
    expect(changesOf({ ...form, flow: 'rules' })).toEqual({ flow: form.rules })
    expect(changesOf({ ...form, flow: 'none' })).toEqual({ flow: [] })
  })

  it('calls a difference certain when its confidence leaves out nothing', () => {
    expect(isCertain({ mean: -3, half_width: 2 })).toBe(true)
    expect(isCertain({ mean: 1, half_width: 2 })).toBe(false)
    expect(isCertain({ mean: 1, half_width: null })).toBe(false)
    expect(isCertain(undefined)).toBe(false)
  })
})
