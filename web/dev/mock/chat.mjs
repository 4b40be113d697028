// The chat websocket of docs/protocol.md.
import { chatDoor, desk, gone, offer, push, say } from './console.mjs'
import * as world from './world.mjs'

const visitors = new Map() // token -> { socket, interaction, agent, messages, queue }
const byInteraction = new Map()
export const shop = { open: true, busy: false }
const kAgent = 1

const send = (visitor, frame) => visitor.socket?.send(JSON.stringify(frame))
const workOf = (visitor) => desk(visitor.agent ?? 0).work.find((item) => item.interaction === visitor.interaction)
const shown = (message) => ({ t: 'message', n: message.number, from: message.author, name: message.name, text: message.text, time_ms: message.time_ms, key: message.author === 'customer' ? message.key : undefined, attachment: message.attachment })

chatDoor.message = (interaction, message) => {
  const visitor = byInteraction.get(interaction)
  if (!visitor) return
  visitor.messages.push(message)
  send(visitor, shown(message))
}
chatDoor.typing = (interaction) => {
  const visitor = byInteraction.get(interaction)
  if (visitor) send(visitor, { t: 'typing', from: 'agent' })
}
chatDoor.assigned = (interaction, agent) => {
  const visitor = byInteraction.get(interaction)
  if (!visitor) return
  visitor.agent = kAgent
  send(visitor, { t: 'assigned', agent })
}
chatDoor.ended = (interaction, by) => {
  const visitor = byInteraction.get(interaction)
  if (!visitor) return
  visitor.active = false
  send(visitor, { t: 'ended', by })
}

const handlers = {
  start(visitor, frame) {
    if (!shop.open) {
      send(visitor, { t: 'ack', key: frame.key, n: 1 })
      return send(visitor, { t: 'ticket', ticket: 4188 })
    }
    if (visitor.active && visitor.messages.some((item) => item.key === frame.key)) return send(visitor, { t: 'ack', key: frame.key, n: 1 })
    const customer = world.addCustomer({ name: frame.name || '', match: 'new', language: visitor.language, contacts: frame.email ? [{ kind: 'email', value: frame.email }] : [] })
    const first = { number: 1, author: 'customer', name: frame.name, text: frame.text, time_ms: Date.now(), key: frame.key }
    Object.assign(visitor, { interaction: world.newInteraction(), active: true, agent: undefined, messages: [first] })
    byInteraction.set(visitor.interaction, visitor)
    send(visitor, shown(first))
    send(visitor, { t: 'ack', key: frame.key, n: 1 })
    send(visitor, { t: 'queued', position: 2, wait_ms: 195_000, callback: true })
    setTimeout(() => visitor.agent || send(visitor, { t: 'queued', position: 1, callback: true }), 3000)
    if (!shop.busy) offer(kAgent, 'chat', customer, 1, frame.text, visitor.interaction, { transcript: [first] }, 60_000)
  },
  message(visitor, frame) {
    const known = visitor.messages.find((item) => item.key === frame.key)
    const work = workOf(visitor)
    const attachment = frame.attachment ? chatUploads.get(frame.attachment) : undefined
    const message = known ?? (work ? say(work, visitor.agent, { author: 'customer', name: work.customer_name, text: frame.text, key: frame.key, attachment }) : waiting(visitor, frame, attachment))
    send(visitor, { t: 'ack', key: frame.key, n: message.number })
  },
  typing(visitor) {
    if (visitor.agent) push(visitor.agent, { type: 'typing', interaction: visitor.interaction, author: 'customer' })
  },
  callback(visitor, frame) {
    const digits = frame.phone.replace(/\D/g, '')
    if (digits.length < 8) return send(visitor, { t: 'error', code: 'bad_phone', key: frame.key })
    visitor.active = false
    send(visitor, { t: 'callback', phone: `+${digits}` })
  },
  end(visitor) {
    const work = workOf(visitor)
    if (work) gone(visitor.agent, work, 'ended')
    chatDoor.ended(visitor.interaction, 'customer')
  },
}
export const chatUploads = new Map()

function waiting(visitor, frame, attachment) {
  const message = { number: visitor.messages.length + 1, author: 'customer', text: frame.text, time_ms: Date.now(), key: frame.key, attachment }
  visitor.messages.push(message)
  send(visitor, shown(message))
  return message
}

export function chatConnected(socket) {
  let visitor = null
  socket.on('message', (data) => {
    const frame = JSON.parse(data)
    if (frame.t === 'hello') {
      const token = visitors.has(frame.visitor) ? frame.visitor : Math.random().toString(36).slice(2)
      visitor = visitors.get(token) ?? { messages: [] }
      visitors.set(token, visitor)
      Object.assign(visitor, { socket, language: frame.language })
      const zh = frame.language?.startsWith('zh')
      send(visitor, { t: 'welcome', visitor: token, name: zh ? '云雀茶具' : 'Skylark Tea', greeting: zh ? '您好！有什么可以帮您？' : 'Hello! How can we help?', open: shop.open, active: visitor.active === true, last: visitor.messages.at(-1)?.number ?? 0, max_attachment_bytes: 5_000_000 })
      for (const message of visitor.messages) if (message.number > (frame.since ?? 0)) send(visitor, shown(message))
    } else if (visitor) handlers[frame.t]?.(visitor, frame)
  })
}
export const dropChats = () => {
  for (const visitor of visitors.values()) visitor.socket?.terminate()
}
