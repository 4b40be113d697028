import { beforeEach, describe, expect, it } from 'vitest'
import type { ChatMessage, Frame, WorkCard } from '../src/protocol'
import { emptyState, fold, type ConsoleState } from '../src/shared/console_state'

const message = (number: number, text = `m${number}`): ChatMessage => ({ number, author: 'customer', text, time_ms: number })
const work = (interaction: number, more: Partial<WorkCard> = {}): WorkCard => ({
  interaction, channel: 'chat', state: 'active', started_ms: 1, ...more,
})
const snapshot = (seq: number, more: object = {}): Frame => ({
  type: 'snapshot', seq, agent: { agent: 7, name: 'Lin' }, ...more,
})
const arrived = (seq: number, number: number): Frame => ({
  type: 'message_arrived', seq, interaction: 1, message: message(number),
})

let state: ConsoleState
beforeEach(() => {
  state = emptyState()
})
const numbers = () => state.work[0]!.transcript!.map((known) => known.number)

describe('snapshot', () => {
  it('replaces everything and sets the position, even backwards', () => {
    fold(state, snapshot(90, { offers: [{ offer: 3, interaction: 1, channel: 'chat', expires_ms: 9 }], work: [work(1)] }))
    fold(state, snapshot(12, { queues: [{ queue: 1, name: 'Sales' }] }))
    expect(state.offers).toEqual([])
    expect(state.work).toEqual([])
    expect(state.queues).toHaveLength(1)
    expect(state.seq).toBe(12)
    expect(state.ready).toBe(true)
  })

  it('orders a transcript and drops repeats', () => {
    fold(state, snapshot(5, { work: [work(1, { transcript: [message(3), message(1), message(2), message(3)] })] }))
    expect(numbers()).toEqual([1, 2, 3])
  })
})

describe('deltas', () => {
  beforeEach(() => {
    fold(state, snapshot(10, { work: [work(1, { pop: { customer: 4, name: 'Chen' }, customer: 4, transcript: [message(1)] })] }))
  })

  it('keeps pop and transcript of known work when they are left out, and clears flags that are left out', () => {
    fold(state, { type: 'work_changed', seq: 11, work: work(1, { state: 'held', customer_lost: true }) })
    fold(state, { type: 'work_changed', seq: 12, work: work(1, { state: 'active' }) })
    expect(state.work[0]).toMatchObject({ state: 'active', pop: { name: 'Chen' } })
    expect(state.work[0]!.customer_lost).toBeUndefined()
    expect(numbers()).toEqual([1])
    expect(state.seq).toBe(12)
  })

  it('moves an offer to work', () => {
    fold(state, { type: 'offer_arrived', seq: 11, offer: { offer: 5, interaction: 2, channel: 'phone', expires_ms: 99 } })
    fold(state, { type: 'offer_gone', seq: 12, offer: 5, interaction: 2, reason: 'accepted' })
    fold(state, { type: 'work_changed', seq: 12, work: work(2, { channel: 'phone' }) })
    expect(state.offers).toEqual([])
    expect(state.work.map((known) => known.interaction)).toEqual([1, 2])
  })

  it('moves work to wrap-up and away', () => {
    fold(state, { type: 'work_gone', seq: 11, interaction: 1, reason: 'ended' })
    fold(state, { type: 'wrap_up_arrived', seq: 11, wrap_up: { interaction: 1, channel: 'chat', until_ms: 500 } })
    expect(state.wrapUps).toHaveLength(1)
    fold(state, { type: 'wrap_up_gone', seq: 12, interaction: 1 })
    expect(state.wrapUps).toEqual([])
    expect(state.work).toEqual([])
  })

  it('puts an edited customer everywhere on screen', () => {
    fold(state, { type: 'customer_changed', pop: { customer: 4, name: 'Chen Li', tier: 2 } })
    expect(state.work[0]).toMatchObject({ customer_name: 'Chen Li', tier: 2, pop: { name: 'Chen Li' } })
  })

  it('changes only the cards a board frame carries', () => {
    fold(state, { type: 'board_changed', queues: [{ queue: 1, name: 'Sales', waiting: 1 }, { queue: 2, name: 'Billing' }] })
    fold(state, { type: 'board_changed', queues: [{ queue: 1, name: 'Sales', waiting: 4 }] })
    expect(state.queues.map((queue) => queue.waiting ?? 0)).toEqual([4, 0])
  })

  it('takes typing and replies without moving the position', () => {
    fold(state, { type: 'typing', interaction: 1, author: 'customer' })
    fold(state, { type: 'reply', request: 1, ok: true })
    expect(state.seq).toBe(10)
  })
})

describe('repeats and disorder', () => {
  beforeEach(() => {
    fold(state, snapshot(10, { work: [work(1, { transcript: [message(1)] })] }))
  })

  it('shows a message once, and says that the repeat was no news', () => {
    expect(fold(state, arrived(11, 2))).toBe(true)
    expect(fold(state, arrived(11, 2))).toBe(false)
    expect(numbers()).toEqual([1, 2])
  })

  it('sorts a late message into its place', () => {
    fold(state, arrived(13, 3))
    fold(state, arrived(12, 2))
    expect(numbers()).toEqual([1, 2, 3])
    expect(state.seq).toBe(13)
  })

  it('does not let an older state replace a newer one', () => {
    fold(state, { type: 'work_changed', seq: 15, work: work(1, { state: 'held' }) })
    expect(fold(state, { type: 'work_changed', seq: 14, work: work(1, { state: 'active' }) })).toBe(false)
    expect(state.work[0]!.state).toBe('held')
  })

  it('does not bring back work that is gone', () => {
    fold(state, { type: 'work_gone', seq: 15, interaction: 1, reason: 'ended' })
    fold(state, { type: 'work_changed', seq: 12, work: work(1) })
    expect(state.work).toEqual([])
  })

  it('takes several frames of one position', () => {
    fold(state, { type: 'work_gone', seq: 11, interaction: 1, reason: 'ended' })
    expect(fold(state, { type: 'wrap_up_arrived', seq: 11, wrap_up: { interaction: 1, channel: 'chat', until_ms: 5 } })).toBe(true)
    expect(fold(state, { type: 'wrap_up_arrived', seq: 11, wrap_up: { interaction: 1, channel: 'chat', until_ms: 5 } })).toBe(false)
    expect(state.wrapUps).toHaveLength(1)
  })

  it('goes on after a resumed hello with the frames missed', () => {
    fold(state, { type: 'hello', protocol: 1, now_ms: 1, agent: 7, name: 'Lin', role: 'agent', resumed: true })
    expect(state.work).toHaveLength(1)
    for (const frame of [arrived(10, 1), arrived(11, 2), arrived(12, 3)]) fold(state, frame)
    expect(numbers()).toEqual([1, 2, 3])
    expect(state.seq).toBe(12)
  })

  it('ignores a message of work it does not hold', () => {
    expect(fold(state, { ...arrived(11, 1), interaction: 99 } as Frame)).toBe(false)
  })
})

it('what may be picked comes whole each time', () => {
  const card = (interaction: number) => ({ interaction, channel: 'chat' as const, queue: 1, queued_ms: 5 })
  fold(state, { type: 'waiting_changed', waiting: [card(1), card(2)], total: 70, may_pull: true })
  fold(state, { type: 'waiting_changed', waiting: [card(2)], total: 69, may_pull: true })
  expect(state.waiting).toEqual({ mayPull: true, cards: [card(2)], total: 69 })
  fold(state, { type: 'waiting_changed' })
  expect(state.waiting).toEqual({ mayPull: false, cards: [], total: 0 })
})

describe('the board', () => {
  it('knows the fairness of now only', () => {
    fold(state, { type: 'board_changed', seq: 1, fairness: 940, queues: [{ queue: 1, name: 'Sales', fairness: 870 }] })
    expect(state.fairness).toBe(940)
    expect(state.queues[0]!.fairness).toBe(870)
    fold(state, { type: 'board_changed', seq: 2, queues: [{ queue: 1, name: 'Sales' }] })
    expect(state.fairness).toBe(0)
    expect(state.queues[0]!.fairness).toBeUndefined()
  })
})
