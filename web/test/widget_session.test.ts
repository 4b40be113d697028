import { beforeEach, describe, expect, it } from 'vitest'
import { Session, type Kept } from '../src/widget/session'
import type { ClientFrame, ServerFrame } from '../src/widget/wire'

let kept: Kept | null
let sent: ClientFrame[]
let reopened: number
let arrived: string[]
let session: Session
let keys: number

// A page with the widget; calling it again is a reload with the same storage.
function page(): Session {
  return new Session(
    { load: () => kept && (JSON.parse(JSON.stringify(kept)) as Kept), save: (next) => (kept = JSON.parse(JSON.stringify(next)) as Kept) },
    { send: (frame) => sent.push(frame), reopen: () => reopened++, changed() {}, arrived: (message) => arrived.push(message.text) },
    () => `k${++keys}`,
    () => 1000 + keys,
  )
}
const connect = () => session.connected({ language: 'en', page: '/' })
const take = (...frames: ServerFrame[]) => frames.forEach((frame) => session.take(frame))
const welcome = (last: number, active = last > 0, more: object = {}): ServerFrame => ({ t: 'welcome', visitor: 'v1', last, active, open: true, ...more })
const agentSays = (n: number, text = `a${n}`): ServerFrame => ({ t: 'message', n, from: 'agent', text, time_ms: n })
const mine = (n: number, key: string, text = 'Hi'): ServerFrame => ({ t: 'message', n, from: 'customer', text, time_ms: n, key })
const texts = () => session.messages.map((message) => message.text)
const posted = () => sent.filter((frame) => frame.t === 'start' || frame.t === 'message')

beforeEach(() => {
  kept = null
  sent = []
  reopened = 0
  arrived = []
  keys = 0
  session = page()
})

function chatting(): void {
  connect()
  take(welcome(0))
  session.say('Hi', { name: 'Emma' })
  take(mine(1, 'k1'), { t: 'ack', key: 'k1', n: 1 }, agentSays(2))
}

describe('a conversation', () => {
  it('starts with the first message and goes on with the next', () => {
    chatting()
    session.say('More')
    expect(posted()).toEqual([
      { t: 'start', key: 'k1', text: 'Hi', name: 'Emma' },
      { t: 'message', key: 'k2', text: 'More' },
    ])
    expect(texts()).toEqual(['Hi', 'a2', 'More'])
    expect(session.since).toBe(2)
  })

  it('holds a first message until the server has said welcome', () => {
    session.say('Early')
    connect()
    expect(posted()).toEqual([])
    take(welcome(0))
    expect(posted()).toEqual([{ t: 'start', key: 'k1', text: 'Early' }])
  })

  it('begins anew after an end, keeping what was said', () => {
    chatting()
    take({ t: 'ended', by: 'agent' })
    expect(session.active).toBe(false)
    session.say('Again')
    take(mine(1, 'k2', 'Again'), agentSays(2, 'Hello again'))
    expect(texts()).toEqual(['Hi', 'a2', 'Again', 'Hello again'])
    expect(session.since).toBe(2)
  })

  it('shows queue position, wait and who took it', () => {
    chatting()
    take({ t: 'queued', position: 3, wait_ms: 60_000 })
    expect([session.position, session.waitMs]).toEqual([3, 60_000])
    take({ t: 'queued', position: 1 })
    expect(session.waitMs).toBeUndefined()
    take({ t: 'assigned', agent: 'Lin' })
    expect([session.position, session.agent]).toEqual([0, 'Lin'])
  })

  it('becomes a ticket out of hours', () => {
    connect()
    take({ ...welcome(0), open: false } as ServerFrame)
    session.say('Please call', { email: 'e@x.example' })
    take({ t: 'ack', key: 'k1', n: 1 }, { t: 'ticket', ticket: 42 })
    expect([session.ticket, session.active]).toEqual([42, false])
    session = page()
    connect()
    take(welcome(0))
    expect(posted()).toHaveLength(1)
  })
})

describe('a broken connection', () => {
  it('resumes after the last number and shows nothing twice', () => {
    chatting()
    session.disconnected()
    connect()
    expect(sent.at(-1)).toMatchObject({ t: 'hello', visitor: 'v1', since: 2 })
    take(welcome(4), agentSays(3), agentSays(4), agentSays(4))
    expect(texts()).toEqual(['Hi', 'a2', 'a3', 'a4'])
    expect(arrived).toEqual(['a2', 'a3', 'a4'])
  })

  it('sends an unacknowledged message again under its key', () => {
    chatting()
    session.say('Lost?')
    session.disconnected()
    connect()
    take(welcome(2))
    expect(posted().slice(1)).toEqual([
      { t: 'message', key: 'k2', text: 'Lost?' },
      { t: 'message', key: 'k2', text: 'Lost?' },
    ])
    take({ t: 'ack', key: 'k2', n: 3 })
    expect(texts()).toEqual(['Hi', 'a2', 'Lost?'])
    expect(session.since).toBe(3)
  })

  it('does not double a message that had arrived before the break', () => {
    chatting()
    session.say('Arrived')
    session.disconnected()
    connect()
    take(welcome(3), mine(3, 'k2', 'Arrived'), { t: 'ack', key: 'k2', n: 3 })
    expect(texts()).toEqual(['Hi', 'a2', 'Arrived'])
    session.disconnected()
    connect()
    take(welcome(3))
    expect(posted().filter((frame) => 'key' in frame && frame.key === 'k2')).toHaveLength(2)
  })

  it('survives a reload with an unsent message', () => {
    chatting()
    session.disconnected()
    session.say('Written offline')
    session = page()
    expect(texts()).toEqual(['Hi', 'a2', 'Written offline'])
    connect()
    expect(sent.at(-1)).toMatchObject({ visitor: 'v1', since: 2 })
    take(welcome(2))
    expect(posted().at(-1)).toEqual({ t: 'message', key: 'k2', text: 'Written offline' })
  })

  it('asks again when a number is missing instead of showing a hole', () => {
    chatting()
    take(agentSays(4))
    expect(reopened).toBe(1)
    expect(texts()).toEqual(['Hi', 'a2'])
    connect()
    take(welcome(4), agentSays(3), agentSays(4))
    expect(texts()).toEqual(['Hi', 'a2', 'a3', 'a4'])
  })

  it('does not move past a message that is still under way', () => {
    chatting()
    session.say('Mine')
    take({ t: 'ack', key: 'k2', n: 4 })
    expect(session.since).toBe(2)
    take(agentSays(3))
    expect(session.since).toBe(4)
    expect(texts()).toEqual(['Hi', 'a2', 'a3', 'Mine'])
  })

  it('notices that the conversation ended while it was away', () => {
    chatting()
    session.disconnected()
    connect()
    take(welcome(2, false))
    expect([session.active, session.ended]).toEqual([false, 'system'])
  })

  it('names its conversation, and takes a newer one from the beginning', () => {
    connect()
    take(welcome(0))
    session.say('Hi')
    take({ ...mine(1, 'k1'), chat: 7 } as ServerFrame, { ...agentSays(2), chat: 7 } as ServerFrame)
    session.disconnected()
    connect()
    expect(sent.at(-1)).toMatchObject({ since: 2, chat: 7 })
    take(welcome(3, true, { chat: 9 }), ...[1, 2, 3].map((n) => ({ ...agentSays(n, `b${n}`), chat: 9 }) as ServerFrame))
    expect(reopened).toBe(0)
    expect(texts()).toEqual(['Hi', 'a2', 'b1', 'b2', 'b3'])
    session = page()
    connect()
    expect(sent.at(-1)).toMatchObject({ since: 3, chat: 9 })
  })

  it('still names a conversation that is over', () => {
    connect()
    take(welcome(0))
    session.say('Hi')
    take({ ...mine(1, 'k1'), chat: 7 } as ServerFrame, { t: 'ended', by: 'agent' })
    session.disconnected()
    connect()
    take(welcome(0, false))
    session.disconnected()
    connect()
    expect(sent.at(-1)).toMatchObject({ since: 1, chat: 7 })
  })

  it('follows a conversation that another tab begins meanwhile', () => {
    connect()
    take(welcome(0))
    session.say('Hi')
    take({ ...mine(1, 'k1'), chat: 7 } as ServerFrame, { t: 'ended', by: 'agent' })
    take({ ...mine(1, 'other', 'From the other tab'), chat: 9 } as ServerFrame, { ...agentSays(2), chat: 9 } as ServerFrame)
    expect(texts()).toEqual(['Hi', 'From the other tab', 'a2'])
    expect([session.since, session.active]).toEqual([2, true])
  })

  it('fetches everything of a conversation another tab began', () => {
    chatting()
    session.disconnected()
    connect()
    take(welcome(1))
    expect(reopened).toBe(1)
    connect()
    expect(sent.at(-1)).toMatchObject({ since: 0 })
    take(welcome(1), mine(1, 'other', 'From the other tab'))
    expect(texts()).toEqual(['Hi', 'a2', 'From the other tab'])
  })
})

describe('a refusal', () => {
  it('marks the message, and a retry uses the same key', () => {
    chatting()
    session.say('Too fast')
    take({ t: 'error', code: 'busy', key: 'k2' })
    expect(session.messages.at(-1)!.failed).toBe('busy')
    session.retry('k2')
    expect(posted().at(-1)).toEqual({ t: 'message', key: 'k2', text: 'Too fast' })
    expect(session.messages.at(-1)!.failed).toBeUndefined()
  })
})

describe('a call instead of waiting', () => {
  const wishes = () => sent.filter((frame) => frame.t === 'callback')
  const waiting = () => {
    connect()
    take(welcome(0))
    session.say('Hi')
    take(mine(1, 'k1'), { t: 'ack', key: 'k1', n: 1 }, { t: 'queued', position: 4, wait_ms: 300_000, callback: true })
  }

  it('is possible when the server says so, until somebody joins', () => {
    waiting()
    expect(session.mayCallBack).toBe(true)
    take({ t: 'queued', position: 3 })
    expect(session.mayCallBack).toBe(false)
    take({ t: 'queued', position: 3, callback: true }, { t: 'assigned', agent: 'Lin' })
    expect(session.mayCallBack).toBe(false)
  })

  it('ends the chat with what was agreed, also after a reload', () => {
    waiting()
    session.callMe('138 0013 8000')
    expect(wishes()).toEqual([{ t: 'callback', key: 'k2', phone: '138 0013 8000' }])
    take({ t: 'callback', phone: '+8613800138000' })
    expect(session.active).toBe(false)
    session = page()
    expect(session.agreed).toEqual({ phone: '+8613800138000' })
    expect(session.wish).toBeUndefined()
    connect()
    take(welcome(0, false))
    expect(wishes()).toHaveLength(1)
    session.say('One more thing')
    expect(session.agreed).toBeUndefined()
  })

  it('is asked for again with the same key until it is answered', () => {
    waiting()
    session.disconnected()
    session.callMe('138 0013 8000')
    expect(wishes()).toEqual([])
    session = page()
    connect()
    take(welcome(1))
    session.disconnected()
    connect()
    take(welcome(1))
    expect(wishes()).toEqual([{ t: 'callback', key: 'k2', phone: '138 0013 8000' }, { t: 'callback', key: 'k2', phone: '138 0013 8000' }])
    take({ t: 'callback', phone: '+8613800138000', at_ms: 99 })
    expect(session.agreed).toEqual({ phone: '+8613800138000', at: 99 })
  })

  it('that is refused leaves the chat as it was', () => {
    waiting()
    session.callMe('12')
    take({ t: 'error', code: 'bad_phone', key: 'k2' })
    expect(session.wishProblem).toBe('bad_phone')
    expect(session.wish).toBeUndefined()
    expect(session.active).toBe(true)
    session.callMe('+8613800138000')
    expect(wishes().at(-1)).toEqual({ t: 'callback', key: 'k3', phone: '+8613800138000' })
    expect(session.wishProblem).toBe('')
  })
})
