// The console websocket of docs/protocol.md, for one shop and a handful of agents.
import * as world from './world.mjs'

let seq = 1000
const kept = [] // recent frames by agent, for resuming
export const desks = new Map() // by agent: { work, offers, wrapUps, socket, watching }
export const chatDoor = { message() {}, typing() {}, ended() {}, assigned() {} }

export function desk(agent) {
  if (!desks.has(agent)) desks.set(agent, { agent, work: [], offers: [], wrapUps: [], socket: null, watching: false })
  return desks.get(agent)
}
const card = (agent) => world.agents.find((item) => item.agent === agent)

export function push(agent, ...bodies) {
  seq++
  const frames = bodies.map((body) => ({ seq, ...body }))
  kept.push(...frames.map((frame) => ({ agent, frame })))
  if (kept.length > 5000) kept.splice(0, 1000)
  desk(agent).socket?.send(JSON.stringify(frames.length === 1 ? frames[0] : frames))
}
function load(agent) {
  const mine = desk(agent)
  Object.assign(card(agent), { work: mine.work.length, offers: mine.offers.length, wrap_ups: mine.wrapUps.length })
  push(agent, { type: 'agent_changed', agent: card(agent) })
}
const withPop = (work) => ({ ...work, pop: work.customer ? world.customers.get(work.customer) : work.pop })
const lean = ({ pop, transcript, ...rest }) => rest

export function connected(socket, me, since) {
  const mine = desk(me.agent)
  mine.socket?.send(JSON.stringify({ type: 'goodbye', reason: 'taken_over' }))
  mine.socket?.close(1000)
  mine.socket = socket
  mine.watching = false
  const missed = kept.filter((item) => item.agent === me.agent && item.frame.seq > since).map((item) => item.frame)
  const resumed = since > 0 && since <= seq && since > 1000
  const hello = { type: 'hello', protocol: 1, now_ms: Date.now(), agent: me.agent, name: me.name, role: me.role, resumed, language: me.language }
  socket.send(JSON.stringify([hello, ...(resumed ? missed : [snapshot(me.agent)])]))
  card(me.agent).connected = true
  socket.on('message', (data) => {
    const parsed = JSON.parse(data)
    for (const request of Array.isArray(parsed) ? parsed : [parsed]) handle(me, request)
  })
  socket.on('close', () => {
    if (mine.socket === socket) mine.socket = null
  })
}
function snapshot(agent) {
  const mine = desk(agent)
  return { type: 'snapshot', seq, agent: card(agent), offers: mine.offers, work: mine.work.map(withPop), wrap_ups: mine.wrapUps, queues: world.queues, agents: world.agents, dispositions: world.dispositions, away_reasons: world.awayReasons, outside_calls: true }
}

export function startWork(agent, work) {
  desk(agent).work.push(work)
  push(agent, { type: 'work_changed', work: withPop(work) })
  load(agent)
}
export function offer(agent, channel, customer, queue, preview, interaction = world.newInteraction(), more = {}, lastsMs = 25_000) {
  const mine = desk(agent)
  const made = { offer: world.newOffer(), interaction, channel, queue, expires_ms: Date.now() + lastsMs, waited_ms: 34_000, preview, pop: customer, ...more }
  mine.offers.push(made)
  push(agent, { type: 'offer_arrived', offer: made })
  load(agent)
  setTimeout(() => {
    if (!mine.offers.includes(made)) return
    mine.offers.splice(mine.offers.indexOf(made), 1)
    push(agent, { type: 'offer_gone', offer: made.offer, interaction, reason: 'timed_out' })
    Object.assign(card(agent), { presence: 'not_responding', since_ms: Date.now() })
    load(agent)
  }, lastsMs)
  return made
}
export function say(work, agent, message) {
  const number = (work.transcript.at(-1)?.number ?? 0) + 1
  const full = { number, time_ms: Date.now(), ...message }
  work.transcript.push(full)
  work.messages = number
  push(agent, { type: 'message_arrived', interaction: work.interaction, message: full })
  chatDoor.message(work.interaction, full)
  return full
}

const handlers = {
  set_presence(me, mine, request) {
    Object.assign(card(me.agent), { presence: request.presence, reason: request.reason ?? '', since_ms: Date.now() })
    load(me.agent)
  },
  accept(me, mine, request) {
    const at = mine.offers.findIndex((item) => item.offer === request.offer)
    if (at < 0) return 'unknown_offer'
    const [taken] = mine.offers.splice(at, 1)
    const customer = taken.pop?.customer
    const work = { interaction: taken.interaction, channel: taken.channel, state: taken.channel === 'phone' ? 'connecting' : 'active', queue: taken.queue, customer, ticket: customer ? world.addTicket(world.customers.get(customer), taken.preview ?? 'Call', 'open', Date.now(), taken.queue) : undefined, started_ms: Date.now() - 40_000, accepted_ms: Date.now(), customer_name: taken.pop?.name, language: taken.pop?.language, tier: taken.pop?.tier, pop: taken.pop, transcript: taken.transcript ?? [], ...(taken.consult ? { consultant: true, consult_agent: 2 } : {}) }
    mine.work.push(work)
    push(me.agent, { type: 'offer_gone', offer: taken.offer, interaction: taken.interaction, reason: 'accepted' }, { type: 'work_changed', work: withPop(work) })
    chatDoor.assigned(work.interaction, me.name)
    load(me.agent)
    if (work.channel === 'phone') setTimeout(() => change(me.agent, work, { state: 'active', accepted_ms: Date.now() }), 1200)
    else if (taken.preview && work.transcript.length === 0) say(work, me.agent, { author: 'customer', name: work.customer_name, text: taken.preview })
  },
  decline(me, mine, request) {
    const at = mine.offers.findIndex((item) => item.offer === request.offer)
    if (at < 0) return 'unknown_offer'
    const [gone] = mine.offers.splice(at, 1)
    push(me.agent, { type: 'offer_gone', offer: gone.offer, interaction: gone.interaction, reason: 'declined' })
    load(me.agent)
  },
  send_message(me, mine, request, work) {
    if (work.transcript.some((item) => item.key === request.key)) return
    if (request.text === '/refuse') return 'wrong_state'
    say(work, me.agent, { author: 'agent', agent: me.agent, name: me.name, text: request.text, key: request.key, ...(request.attachment ? { attachment: uploads.get(request.attachment)?.card } : {}) })
    if (work.scripted) answer(me.agent, work)
  },
  send_typing(me, mine, request) {
    chatDoor.typing(request.interaction)
  },
  hold: (me, mine, request, work) => change(me.agent, work, { state: 'held' }),
  resume: (me, mine, request, work) => change(me.agent, work, { state: 'active' }),
  transfer(me, mine, request, work) {
    if (request.kind === 'blind') return gone(me.agent, work, 'transferred')
    change(me.agent, work, { transfer_pending: true })
    setTimeout(() => change(me.agent, work, { state: 'consulting', consult_agent: request.target ?? 4 }), 2500)
  },
  complete_transfer: (me, mine, request, work) => gone(me.agent, work, 'transferred'),
  cancel_transfer: (me, mine, request, work) => change(me.agent, work, { state: 'active', transfer_pending: false, consult_agent: 0 }),
  conference: (me, mine, request, work) =>
    change(me.agent, work, { state: 'active', transfer_pending: false, participants: [...(work.participants ?? []), work.consult_agent], consult_agent: 0 }),
  leave_conference(me, mine, request, work) {
    if (!request.participant) return gone(me.agent, work, 'transferred')
    change(me.agent, work, { participants: work.participants.filter((agent) => agent !== request.participant) })
  },
  invite_outside(me, mine, request, work) {
    if (!/^\+?[\d ()-]{8,}$/.test(request.number)) return 'bad_number'
    if (request.number.startsWith('+1900')) return 'number_not_allowed'
    change(me.agent, work, { outside: 'calling' })
    setTimeout(() => work.outside && change(me.agent, work, { outside: 'connected' }), 2500)
  },
  drop_outside: (me, mine, request, work) => change(me.agent, work, { outside: undefined }),
  end(me, mine, request, work) {
    gone(me.agent, work, 'ended')
    chatDoor.ended(work.interaction, 'agent')
  },
  complete_wrap_up(me, mine, request) {
    const at = mine.wrapUps.findIndex((item) => item.interaction === request.interaction)
    if (at < 0) return 'unknown_interaction'
    mine.wrapUps.splice(at, 1)
    push(me.agent, { type: 'wrap_up_gone', interaction: request.interaction })
    load(me.agent)
  },
  watch(me, mine, request) {
    mine.watching = request.board
    if (request.board) push(me.agent, { type: 'board_changed', queues: world.queues, agents: world.agents, now_ms: Date.now(), fairness: 904 })
  },
  sign_out(me, mine) {
    mine.socket?.send(JSON.stringify({ type: 'goodbye', reason: 'signed_out' }))
  },
}
const needWork = new Set(['send_message', 'hold', 'resume', 'transfer', 'complete_transfer', 'cancel_transfer', 'conference', 'leave_conference', 'invite_outside', 'drop_outside', 'end'])
export const uploads = new Map()

function handle(me, request) {
  const mine = desk(me.agent)
  const work = mine.work.find((item) => item.interaction === request.interaction)
  const code = needWork.has(request.type) && !work ? 'unknown_interaction' : (handlers[request.type]?.(me, mine, request, work) ?? '')
  if (request.id || code) mine.socket?.send(JSON.stringify({ type: 'reply', request: request.id, ok: !code, ...(code ? { code, message: code } : {}) }))
}
export function change(agent, work, more) {
  Object.assign(work, more)
  push(agent, { type: 'work_changed', work: lean(work) })
}
export function gone(agent, work, reason) {
  const mine = desk(agent)
  mine.work = mine.work.filter((item) => item !== work)
  world.transcripts.set(work.interaction, work.transcript)
  const wrapUp = { interaction: work.interaction, ticket: work.ticket, channel: work.channel, queue: work.queue, until_ms: Date.now() + 90_000, customer: work.customer, customer_name: work.customer_name }
  mine.wrapUps.push(wrapUp)
  push(agent, { type: 'work_gone', interaction: work.interaction, reason }, { type: 'wrap_up_arrived', wrap_up: wrapUp })
  load(agent)
  setTimeout(() => {
    if (!mine.wrapUps.includes(wrapUp)) return
    mine.wrapUps = mine.wrapUps.filter((item) => item !== wrapUp)
    push(agent, { type: 'wrap_up_gone', interaction: wrapUp.interaction, timed_out: true })
    load(agent)
  }, 90_000)
}
function answer(agent, work) {
  setTimeout(() => push(agent, { type: 'typing', interaction: work.interaction, author: 'customer' }), 900)
  setTimeout(() => say(work, agent, { author: 'customer', name: work.customer_name, text: work.language === 'zh' ? '好的，明白了，谢谢。' : 'Great, thanks a lot!' }), 3200)
}
export function customerChanged(customer) {
  for (const [agent] of desks) push(agent, { type: 'customer_changed', pop: customer })
}

// The board lives: waits come and go.
setInterval(() => {
  const queue = world.queues[Math.floor(Math.random() * 4)]
  if (Math.random() < 0.5) queue.waiting = Math.min(9, (queue.waiting ?? 0) + 1)
  else if (queue.waiting) {
    queue.waiting--
    queue.answered++
  }
  queue.oldest_ms = queue.waiting ? (queue.oldest_ms || Date.now() - 3000) : 0
  for (const mine of desks.values()) if (mine.watching) push(mine.agent, { type: 'board_changed', queues: [queue], now_ms: Date.now(), fairness: 904 })
}, 2500).unref()
