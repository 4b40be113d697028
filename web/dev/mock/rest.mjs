// The REST calls the pages make.
import { customerChanged, desks, push, uploads } from './console.mjs'
import * as world from './world.mjs'

export const sessions = new Map() // cookie -> account

const read = (request) =>
  new Promise((done) => {
    const parts = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => done(Buffer.concat(parts)))
  })
const error = (status, code, message) => [status, { error: { code, message } }]
export const accountOf = (request) => sessions.get(/sb_session=([\w]+)/.exec(request.headers.cookie ?? '')?.[1])

const routes = [
  ['GET', /^\/api\/me$/, ({ me }) => [200, me]],
  ['GET', /^\/api\/customers$/, ({ url }) => {
    const wanted = url.searchParams.get('q').toLowerCase()
    return [200, { customers: [...world.customers.values()].filter((item) => JSON.stringify(item).toLowerCase().includes(wanted)) }]
  }],
  ['POST', /^\/api\/customers$/, ({ body, me }) => {
    const { interaction, ...profile } = body
    const customer = world.addCustomer({ ...profile, match: 'known' })
    const work = desks.get(me.agent)?.work.find((item) => item.interaction === interaction)
    if (work) {
      Object.assign(work, { customer: customer.customer, customer_name: customer.name })
      push(me.agent, { type: 'work_changed', work: { ...work, pop: customer } })
    }
    return [201, { customer: customer.customer }]
  }],
  ['GET', /^\/api\/customers\/(\d+)$/, ({ id }) => (world.customers.has(id) ? [200, world.customers.get(id)] : error(404, 'unknown_customer', 'No such customer'))],
  ['PATCH', /^\/api\/customers\/(\d+)$/, ({ id, body }) => {
    const customer = Object.assign(world.customers.get(id), body)
    customerChanged(customer)
    return [200, customer]
  }],
  ['GET', /^\/api\/customers\/(\d+)\/timeline$/, ({ url }) => [200, { items: [{ interaction: 70_001, channel: 'form', started_ms: Number(url.searchParams.get('before')) - 40 * world.days, ended_ms: Date.now() - 100 * world.days, outcome: 'resolved', queue: 1, agent: 7, preview: 'Wholesale price list' }] }]],
  ['POST', /^\/api\/customers\/(\d+)\/notes$/, ({ id, body, me }) => {
    world.customers.get(id).notes.unshift({ text: body.text, agent: me.agent, time_ms: Date.now() })
    return [201, {}]
  }],
  ['POST', /^\/api\/customers\/(\d+)\/merge$/, ({ id, body }) => {
    const from = world.customers.get(body.from)
    world.customers.get(id).merged.push({ customer: from.customer, name: from.name, time_ms: Date.now() })
    world.customers.get(id).contacts.push(...from.contacts)
    return [200, {}]
  }],
  ['POST', /^\/api\/customers\/(\d+)\/unmerge$/, ({ id, body }) => {
    const into = world.customers.get(id)
    const lost = world.customers.get(body.from).contacts
    into.merged = into.merged.filter((item) => item.customer !== body.from)
    into.contacts = into.contacts.filter((item) => !lost.includes(item))
    return [200, {}]
  }],
  ['GET', /^\/api\/tickets\/(\d+)$/, ({ id }) => (world.tickets.has(id) ? [200, world.tickets.get(id)] : error(404, 'unknown_ticket', 'No such ticket'))],
  ['PATCH', /^\/api\/tickets\/(\d+)$/, ({ id, body, me }) => {
    const ticket = Object.assign(world.tickets.get(id), body, { updated_ms: Date.now() })
    ticket.history.push({ time_ms: Date.now(), kind: body.status ? 'status' : 'subject', status: body.status, text: body.subject, agent: me.agent })
    Object.assign(world.customers.get(ticket.customer).tickets.find((item) => item.ticket === id), { status: ticket.status, subject: ticket.subject, updated_ms: ticket.updated_ms })
    return [200, ticket]
  }],
  ['GET', /^\/api\/interactions\/(\d+)\/transcript$/, ({ id }) => [200, { messages: world.transcripts.get(id) ?? [] }]],
]

const callbacks = [{ interaction: 81_001, queue: 2, state: 'scheduled', order: 'agent_first', attempts_max: 3, attempt: 1, due_ms: Date.now() + 5_400_000, customer: world.chen.customer, customer_name: world.chen.name, preview: '补发进度' }, { interaction: 81_002, queue: 1, state: 'waiting', order: 'customer_first', attempts_max: 2, customer: world.emma.customer, customer_name: world.emma.name, preview: 'Which kettle fits?' }]
routes.push(
  ['GET', /^\/api\/callbacks$/, ({ url }) => {
    const customer = Number(url.searchParams.get('customer') ?? 0)
    const mine = callbacks.filter((item) => !customer || item.customer === customer)
    return [200, { callbacks: mine, total: mine.length }]
  }],
  ['POST', /^\/api\/callbacks$/, ({ body }) => {
    if (body.phone.replace(/\D/g, '').length < 8) return [400, { error: { code: 'invalid_argument', message: 'phone: must be a phone number', field: 'phone' } }]
    const made = { interaction: world.newInteraction(), queue: body.queue, state: body.at ? 'scheduled' : 'waiting', order: body.order, attempts_max: body.attempts, customer: body.customer, customer_name: world.customers.get(body.customer)?.name ?? body.phone, preview: body.note, ...(body.at ? { due_ms: Date.parse(body.at) } : {}) }
    callbacks.push(made)
    return [201, { interaction: made.interaction, at_ms: made.due_ms }]
  }],
  ['DELETE', /^\/api\/callbacks\/(\d+)$/, ({ id }) => {
    const at = callbacks.findIndex((item) => item.interaction === id)
    if (at < 0) return error(404, 'unknown_callback', 'No such callback')
    callbacks.splice(at, 1)
    return [204]
  }],
)

export async function rest(request, response, url) {
  const raw = await read(request)
  const answer = (status, body, headers = {}) => response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body))
  if (request.method !== 'GET' && request.headers['x-switchboard'] !== '1') return answer(...error(403, 'forbidden', 'Header missing'))
  if (url.pathname === '/api/session' && request.method === 'POST') {
    const { login, password } = JSON.parse(raw)
    const account = world.accounts[login]
    if (!account || password !== 'switchboard') return answer(...error(401, 'wrong_credentials', 'Wrong user name or password'))
    const cookie = Math.random().toString(36).slice(2)
    sessions.set(cookie, account)
    return answer(204, undefined, { 'Set-Cookie': `sb_session=${cookie}; HttpOnly; SameSite=Strict; Path=/` })
  }
  if (url.pathname === '/api/session') return answer(204, undefined, { 'Set-Cookie': 'sb_session=; Max-Age=0; Path=/' })
  const me = accountOf(request)
  if (!me) return answer(...error(401, 'not_signed_in', 'Sign in first'))
  if (url.pathname === '/api/attachments') return answer(201, store(raw, url.searchParams.get('name'), request.headers['content-type']))
  const file = /^\/api\/attachments\/([\w-]+)$/.exec(url.pathname)
  if (file) return sendFile(response, file[1])
  for (const [method, pattern, handler] of routes) {
    const match = request.method === method && pattern.exec(url.pathname)
    if (match) return answer(...handler({ id: Number(match[1]), url, me, body: raw.length ? JSON.parse(raw) : {} }))
  }
  return answer(...error(404, 'not_found', 'No such path'))
}

export function store(bytes, name, mediaType) {
  const id = Math.random().toString(36).slice(2)
  const card = { id, name, media_type: mediaType, bytes: bytes.length }
  uploads.set(id, { bytes, card })
  return card
}
export function sendFile(response, id) {
  const upload = uploads.get(id)
  if (!upload) return response.writeHead(404).end()
  response.writeHead(200, { 'Content-Type': upload.card.media_type, 'X-Content-Type-Options': 'nosniff', 'Access-Control-Allow-Origin': '*' }).end(upload.bytes)
}
export const readBody = read
