// What a console knows, and how the server's frames change it. Pure: no clock, no network. Folding the same frame
// twice changes nothing, because a resumed connection may repeat what was seen just before it broke.
import type {
  AgentCard, ChatMessage, CodeName, Frame, Hello, OfferCard, QueueCard, ScreenPop, WaitingCard, WorkCard, WrapUpCard,
} from '../protocol'

export interface ConsoleState {
  seq: number // highest journal position seen; what to resume from
  ready: boolean // a snapshot has been seen
  me: Hello | null
  agent: AgentCard | null
  offers: OfferCard[]
  work: WorkCard[]
  wrapUps: WrapUpCard[]
  queues: QueueCard[]
  agents: AgentCard[]
  dispositions: CodeName[]
  awayReasons: CodeName[]
  waiting: WaitingList
  fairness: number // over all work, in thousandths; 0 unknown
  outsideCalls: boolean // agents may call outside numbers into a call
}

// What this agent may pick; the whole list comes each time.
export interface WaitingList {
  mayPull: boolean
  cards: WaitingCard[] // longest wait first
  total: number // of which these are the first
}

export function emptyState(): ConsoleState {
  return {
    seq: 0, ready: false, me: null, agent: null, offers: [], work: [], wrapUps: [], queues: [], agents: [],
    dispositions: [], awayReasons: [], waiting: { mayPull: false, cards: [], total: 0 }, fairness: 0, outsideCalls: false,
  }
}

// These describe a thing's whole state at their position, so an older one must not replace a newer one.
const kPositional = new Set([
  'agent_changed', 'offer_arrived', 'offer_gone', 'work_changed', 'work_gone', 'wrap_up_arrived', 'wrap_up_gone',
])

// Returns whether the frame told something new.
export function fold(state: ConsoleState, frame: Frame): boolean {
  const seq = frame.seq ?? 0
  if (frame.type === 'snapshot') {
    foldSnapshot(state, frame, seq)
    return true
  }
  if (seq > 0 && seq < state.seq && kPositional.has(frame.type)) return false
  const news = foldDelta(state, frame)
  if (seq > state.seq) state.seq = seq
  return news
}

function foldSnapshot(state: ConsoleState, frame: Extract<Frame, { type: 'snapshot' }>, seq: number): void {
  state.seq = seq
  state.ready = true
  state.agent = frame.agent
  state.offers = frame.offers ?? []
  state.work = (frame.work ?? []).map((work) => ({ ...work, transcript: ordered(work.transcript ?? []) }))
  state.wrapUps = frame.wrap_ups ?? []
  state.queues = frame.queues ?? []
  state.agents = frame.agents ?? []
  state.dispositions = frame.dispositions ?? []
  state.awayReasons = frame.away_reasons ?? []
  state.outsideCalls = frame.outside_calls ?? false
}

function foldDelta(state: ConsoleState, frame: Exclude<Frame, { type: 'snapshot' }>): boolean {
  switch (frame.type) {
    case 'hello':
      state.me = frame
      return true
    case 'agent_changed':
      state.agent = frame.agent
      put(state.agents, frame.agent, 'agent')
      return true
    case 'offer_arrived':
      return put(state.offers, frame.offer, 'offer')
    case 'offer_gone':
      return drop(state.offers, (offer) => offer.offer === frame.offer)
    case 'work_changed':
      return foldWork(state, frame.work)
    case 'work_gone':
      return drop(state.work, (work) => work.interaction === frame.interaction)
    case 'message_arrived':
      return foldMessage(state, frame.interaction, frame.message)
    case 'wrap_up_arrived':
      return put(state.wrapUps, frame.wrap_up, 'interaction')
    case 'wrap_up_gone':
      return drop(state.wrapUps, (wrapUp) => wrapUp.interaction === frame.interaction)
    case 'customer_changed':
      return foldCustomer(state, frame.pop)
    case 'board_changed':
      for (const queue of frame.queues ?? []) put(state.queues, queue, 'queue')
      for (const agent of frame.agents ?? []) put(state.agents, agent, 'agent')
      state.fairness = frame.fairness ?? 0
      return true
    case 'waiting_changed':
      state.waiting = { mayPull: frame.may_pull ?? false, cards: frame.waiting ?? [], total: frame.total ?? 0 }
      return true
    case 'reply':
    case 'typing':
    case 'goodbye':
      return true
  }
}

// Absent pop and transcript mean "as before"; absent numbers and flags mean zero.
function foldWork(state: ConsoleState, work: WorkCard): boolean {
  const at = state.work.findIndex((known) => known.interaction === work.interaction)
  const before = at < 0 ? undefined : state.work[at]
  const transcript = work.transcript ? ordered(work.transcript) : (before?.transcript ?? [])
  const next: WorkCard = { ...work, transcript }
  const pop = work.pop ?? before?.pop
  if (pop) next.pop = pop
  if (at < 0) state.work.push(next)
  else state.work[at] = next
  return at < 0
}

function foldMessage(state: ConsoleState, interaction: number, message: ChatMessage): boolean {
  const work = state.work.find((known) => known.interaction === interaction)
  if (!work) return false
  const transcript = (work.transcript ??= [])
  if (transcript.some((known) => known.number === message.number)) return false
  const after = transcript.findIndex((known) => known.number > message.number)
  if (after < 0) transcript.push(message)
  else transcript.splice(after, 0, message)
  work.messages = Math.max(work.messages ?? 0, message.number)
  return true
}

function foldCustomer(state: ConsoleState, pop: ScreenPop): boolean {
  let found = false
  for (const work of state.work) {
    if (work.customer !== pop.customer && work.pop?.customer !== pop.customer) continue
    work.pop = pop
    if (pop.customer !== undefined) work.customer = pop.customer
    if (pop.name) work.customer_name = pop.name
    work.tier = pop.tier ?? 0
    found = true
  }
  for (const offer of state.offers) {
    if (offer.pop?.customer !== pop.customer) continue
    offer.pop = pop
    found = true
  }
  for (const wrapUp of state.wrapUps) {
    if (wrapUp.customer === pop.customer && pop.name) wrapUp.customer_name = pop.name
  }
  return found
}

function ordered(transcript: ChatMessage[]): ChatMessage[] {
  const byNumber = new Map(transcript.map((message) => [message.number, message]))
  return [...byNumber.values()].sort((a, b) => a.number - b.number)
}

// Returns whether it is new.
function put<T, K extends keyof T>(list: T[], item: T, id: K): boolean {
  const at = list.findIndex((known) => known[id] === item[id])
  if (at < 0) list.push(item)
  else list[at] = item
  return at < 0
}

function drop<T>(list: T[], matches: (item: T) => boolean): boolean {
  const at = list.findIndex(matches)
  if (at < 0) return false
  list.splice(at, 1)
  return true
}
