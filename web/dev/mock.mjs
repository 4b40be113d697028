// A stand-in for the server while working on the pages: `npm run build && npm run mock`, then http://127.0.0.1:8090/agent
// (sign in as lin, zhao or mei, password "switchboard"). It serves dist/ under the production content security policy.
// POST /mock/offer?channel=phone|chat|email, /mock/unknown, /mock/consult, /mock/drop, /mock/closed, /mock/open
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocketServer } from 'ws'
import { chatConnected, chatUploads, dropChats, shop } from './mock/chat.mjs'
import { change, connected, desk, desks, gone, offer, startWork, uploads } from './mock/console.mjs'
import { accountOf, readBody, rest, sendFile, store } from './mock/rest.mjs'
import * as world from './mock/world.mjs'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png' }
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

uploads.set('box-photo', { bytes: readFileSync(new URL('mock/box.svg', import.meta.url)), card: { id: 'box-photo', name: '破损礼盒.png', media_type: 'image/svg+xml', bytes: 1200 } })

function seed() {
  const accepted = (ms) => ({ started_ms: Date.now() - ms - 30_000, accepted_ms: Date.now() - ms })
  startWork(1, { interaction: world.newInteraction(), channel: 'chat', state: 'active', queue: 2, customer: world.chen.customer, ticket: world.chen.tickets[0].ticket, customer_name: world.chen.name, language: 'zh', tier: 2, ...accepted(360_000), transcript: world.chatOfChen(), scripted: true })
  startWork(1, { interaction: world.newInteraction(), channel: 'chat', state: 'active', queue: 2, customer: world.emma.customer, ticket: world.emma.tickets[0].ticket, customer_name: world.emma.name, language: 'en', tier: 1, ...accepted(540_000), transcript: world.chatOfEmma(), scripted: true })
  const third = { interaction: world.newInteraction(), channel: 'email', queue: 3, state: 'active', customer: world.daniel.customer, ticket: world.addTicket(world.daniel, 'Invoice for March', 'open', Date.now(), 3), customer_name: world.daniel.name, ...accepted(900_000), transcript: [] }
  startWork(1, third)
  gone(1, third, 'ended')
}
seed()

const controls = {
  offer: (query) => {
    const channel = query.get('channel') ?? 'chat'
    const customer = { phone: world.zhou, email: world.daniel }[channel] ?? world.emma
    offer(1, channel, customer, channel === 'phone' ? 4 : 1, { chat: 'Does the gooseneck kettle work on an induction stove? I am choosing between the 0.6 and the 0.9 litre.', email: 'Question about invoice 2214' }[channel] ?? '', undefined, {}, Number(query.get('ms') ?? 25_000))
  },
  unknown: () => offer(1, 'phone', { match: 'new', contacts: [{ kind: 'phone', value: '+86 136 1234 5678' }] }, 1, ''),
  consult: () => offer(1, 'chat', world.chen, 2, '补发能走顺丰加急吗？', undefined, { consult: true }),
  drop: () => {
    for (const mine of desks.values()) mine.socket?.terminate()
    dropChats()
  },
  lost: () => Object.assign(desk(1).work[0], { customer_lost: true }),
  callback: () => offer(1, 'phone', world.zhou, 4, '', undefined, { callback: { order: 'agent_first', attempts_max: 3, attempt: 1 } }),
  calling: () => {
    const work = desk(1).work.at(-1)
    change(1, work, { state: 'calling', callback: { order: 'agent_first', attempt: 2, attempts_max: 3, calling: true } })
  },
  parked: () => change(1, desk(1).work[1], { parked: true }),
  closed: () => { shop.open = false },
  open: () => { shop.open = true },
}

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://mock')
  if (url.pathname.startsWith('/api/')) return rest(request, response, url)
  if (url.pathname.startsWith('/mock/')) {
    controls[url.pathname.slice(6)]?.(url.searchParams)
    return response.writeHead(204).end()
  }
  if (url.pathname === '/chat/attachments') {
    return readBody(request).then((bytes) => {
      const card = store(bytes, url.searchParams.get('name'), request.headers['content-type'])
      chatUploads.set(card.id, card)
      response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id: card.id }))
    })
  }
  if (url.pathname.startsWith('/chat/attachments/')) return sendFile(response, url.pathname.slice(18))
  const named = /^\/(agent|supervisor|explain|planner|login|demo-shop)?$/.exec(url.pathname)
  const path = join(dist, normalize(named ? `/${named[1] ?? 'agent'}.html` : url.pathname))
  if (!path.startsWith(dist) || !existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end()
  response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream', 'Content-Security-Policy': policy })
  createReadStream(path).pipe(response)
})

const sockets = new WebSocketServer({ noServer: true })
server.on('upgrade', (request, socket, head) => {
  const url = new URL(request.url, 'http://mock')
  const me = accountOf(request)
  if (url.pathname === '/ws/console' && !me) return socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
  sockets.handleUpgrade(request, socket, head, (opened) => {
    if (url.pathname === '/ws/chat') chatConnected(opened)
    else connected(opened, me, Number(url.searchParams.get('since') ?? 0))
  })
})
const port = Number(process.env.PORT ?? 8090)
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/agent`))
