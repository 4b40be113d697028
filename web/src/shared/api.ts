// The REST calls of the pages; README.md lists their shapes.
import type { AgentCard, Attachment, Channel, ChatMessage, CustomField, ContactPoint, InteractionCard, QueueCard, Role, ScreenPop, TicketCard, TicketStatus, WaitingCard } from '../protocol'
import { newKey } from './key'

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer
    readonly code: string,
    message: string,
    readonly field?: string,
    readonly line?: number, // of the text in that field
  ) {
    super(message)
  }
}

export interface Me {
  agent: number
  name: string
  login: string
  role: Role
  language?: string
  max_attachment_bytes?: number
}
export interface MergedCustomer {
  customer: number
  name?: string
  time_ms?: number
}
export type CustomerProfile = ScreenPop & { merged?: MergedCustomer[] }
export interface CustomerPatch {
  name?: string
  language?: string
  tier?: number
  tags?: string[]
  company?: string
  consent?: string
  contacts?: ContactPoint[]
  custom?: CustomField[]
}
export interface TicketEvent {
  time_ms: number
  kind: string // opened, reopened, status, interaction, note
  status?: TicketStatus
  agent?: number
  interaction?: number
  text?: string
}
export type Ticket = TicketCard & { customer?: number; opened_ms?: number; history?: TicketEvent[] }

export type InteractionFacts = InteractionCard & {
  customer?: number
  customer_name?: string
  state?: string // dialogue, waiting, offered, connecting, active, held, scheduled, ended
  wait_ms?: number
  handle_ms?: number
  abandoned?: boolean
  position?: number
  estimated_wait_ms?: number
}
export interface AgentWork {
  interaction: number
  channel: Channel
  queue: number
  state: string // offered, connecting, active, held, consulting, wrap_up
  since_ms?: number
  customer_name?: string
}

export type CallbackOrder = 'agent_first' | 'customer_first'
// A call to a customer that is still to be made.
export interface OpenCallback {
  interaction: number
  queue: number
  state: string // scheduled, waiting, offered, connecting, calling
  order: CallbackOrder
  attempts_max: number
  attempt?: number
  due_ms?: number
  agent?: number
  customer?: number
  customer_name?: string
  preview?: string
}
export interface CallbackTerms {
  at?: string // with its offset; absent: now
  zone?: string
  order: CallbackOrder
  attempts: number
}
export interface CallbackWish extends CallbackTerms {
  phone: string
  queue: number
  customer?: number
  note?: string
}

export async function call<T>(method: string, path: string, body?: unknown, type = 'application/json'): Promise<T> {
  const headers: Record<string, string> = { 'X-Switchboard': '1' }
  if (body !== undefined) headers['Content-Type'] = type
  if (method === 'POST') headers['Idempotency-Key'] = newKey()
  let response: Response
  try {
    const payload = body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body)
    // A change is still sent when the page is left.
    response = await fetch(path, { method, headers, body: payload, credentials: 'same-origin', keepalive: method === 'DELETE' })
  } catch {
    throw new ApiError(0, 'network', 'No answer from the server')
  }
  const text = await response.text()
  if (!response.ok) throw refused(response.status, text)
  return (text ? JSON.parse(text) : undefined) as T
}

function refused(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; field?: string; line?: number } }
    return new ApiError(status, error.code, error.message, error.field, error.line)
  } catch {
    return new ApiError(status, `http_${status}`, text.slice(0, 200))
  }
}

export const api = {
  signIn: (login: string, password: string) => call<void>('POST', '/api/session', { login, password }),
  signOut: () => call<void>('DELETE', '/api/session'),
  me: () => call<Me>('GET', '/api/me'),
  searchCustomers: async (text: string) =>
    (await call<{ customers?: ScreenPop[] }>('GET', `/api/customers?q=${encodeURIComponent(text)}`)).customers ?? [],
  customer: (id: number) => call<CustomerProfile>('GET', `/api/customers/${id}`),
  createCustomer: (profile: CustomerPatch & { interaction?: number }) =>
    call<{ customer: number }>('POST', '/api/customers', profile),
  changeCustomer: (id: number, patch: CustomerPatch) => call<CustomerProfile>('PATCH', `/api/customers/${id}`, patch),
  addNote: (id: number, text: string) => call<void>('POST', `/api/customers/${id}/notes`, { text }),
  merge: (into: number, from: number) => call<void>('POST', `/api/customers/${into}/merge`, { from }),
  unmerge: (into: number, from: number) => call<void>('POST', `/api/customers/${into}/unmerge`, { from }),
  timeline: (id: number, before: number, limit = 20) =>
    call<{ items?: InteractionCard[]; next?: number }>(
      'GET',
      `/api/customers/${id}/timeline?limit=${limit}${before ? `&before=${before}` : ''}`,
    ),
  transcript: async (interaction: number) =>
    (await call<{ messages?: ChatMessage[] }>('GET', `/api/interactions/${interaction}/transcript`)).messages ?? [],
  ticket: (id: number) => call<Ticket>('GET', `/api/tickets/${id}`),
  changeTicket: (id: number, patch: { status?: TicketStatus; subject?: string }) =>
    call<Ticket>('PATCH', `/api/tickets/${id}`, patch),
  interaction: (id: number) => call<InteractionFacts>('GET', `/api/interactions/${id}`),
  board: () => call<{ queues?: QueueCard[]; agents?: AgentCard[]; now_ms: number }>('GET', '/api/board'),
  flow: () => call<{ version: number; rules: Record<string, unknown>[] }>('GET', '/api/flow'),
  queueWaiting: async (queue: number) => {
    const { waiting, total } = await call<{ waiting?: WaitingCard[]; total?: number }>('GET', `/api/queues/${queue}/waiting`)
    return { waiting: waiting ?? [], total: total ?? 0 }
  },
  agentWork: async (agent: number) => (await call<{ work?: AgentWork[] }>('GET', `/api/agents/${agent}/work`)).work ?? [],
  callbacks: async (customer: number) => {
    const { callbacks, total } = await call<{ callbacks?: OpenCallback[]; total?: number }>('GET', `/api/callbacks${customer ? `?customer=${customer}` : ''}`)
    return { callbacks: callbacks ?? [], total: total ?? 0 }
  },
  requestCallback: (wish: CallbackWish) => call<{ interaction: number; at_ms?: number }>('POST', '/api/callbacks', wish),
  // Who waits on the line is called back: the same contact, at its place.
  agreeCallback: (interaction: number, terms: CallbackTerms) => call<{ interaction: number; at_ms?: number }>('POST', `/api/interactions/${interaction}/callback`, terms),
  cancelCallback: (interaction: number) => call<void>('DELETE', `/api/callbacks/${interaction}`),
  upload: (file: File) =>
    call<Pick<Attachment, 'id'> & Partial<Attachment>>(
      'POST',
      `/api/attachments?name=${encodeURIComponent(file.name)}`,
      file,
      file.type || 'application/octet-stream',
    ),
}

export const attachmentUrl = (id: string): string => `/api/attachments/${encodeURIComponent(id)}`
