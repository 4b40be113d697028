// The console protocol as JSON carries it. The truth is proto/console.proto (and docs/protocol.md): change it there
// first, then here. Fields that are zero or empty are left out on the wire, hence the optional marks. Times are
// milliseconds since the Unix epoch, durations milliseconds.

export type Channel = 'phone' | 'chat' | 'email' | 'message' | 'form'
export type Presence = 'offline' | 'available' | 'away' | 'not_responding'
export type Party = 'none' | 'customer' | 'agent' | 'system'
export type TicketStatus = 'new' | 'open' | 'pending' | 'solved' | 'closed'
export type TransferKind = 'blind' | 'warm'
export type WorkState = 'connecting' | 'calling' | 'active' | 'held' | 'consulting'
export type Role = 'agent' | 'supervisor' | 'admin'

export interface ContactPoint {
  kind: string // phone, email, chat
  value: string
  verified?: boolean
}
export interface TicketCard {
  ticket: number
  status: TicketStatus
  subject?: string
  updated_ms?: number
  queue?: number
  agent?: number
}
export interface InteractionCard {
  interaction: number
  channel: Channel
  started_ms: number
  ended_ms?: number
  outcome?: string
  queue?: number
  agent?: number
  preview?: string
  ticket?: number
}
export interface OrderCard {
  number: string
  placed_ms?: number
  status?: string
  total?: string
  items?: string
}
export interface NoteCard {
  text: string
  agent?: number
  time_ms: number
}
export interface CustomField {
  name: string
  value: string
}
export interface ScreenPop {
  customer?: number // absent: unknown caller
  name?: string
  match?: 'verified' | 'known' | 'new' | ''
  tier?: number
  language?: string
  tags?: string[]
  contacts?: ContactPoint[]
  custom?: CustomField[]
  tickets?: TicketCard[]
  interactions?: InteractionCard[]
  orders?: OrderCard[]
  notes?: NoteCard[]
  company?: string
  lifetime_value?: string
  consent?: string // granted, refused
  unnamed?: boolean // name only stands in: an address, or a code for a chat visitor
  time_zone?: string // IANA name; absent: not known
}
export interface Attachment {
  id: string
  name: string
  media_type: string
  bytes: number
}
export interface ChatMessage {
  number: number
  author: Party
  agent?: number
  name?: string
  text?: string
  time_ms: number
  attachment?: Attachment
  key?: string
}
export interface QueueCard {
  queue: number
  name: string
  title_en?: string
  title_zh?: string
  open?: boolean
  waiting?: number
  oldest_ms?: number // when the oldest waiting interaction arrived
  agents_free?: number
  agents_on?: number
  answered?: number
  abandoned?: number
  service_level?: number // percent; 255 unknown
  wait_average_ms?: number
  fairness?: number // in thousandths; absent: unknown
}
export interface AgentCard {
  agent: number
  name: string
  presence?: Presence // absent: offline
  reason?: string
  since_ms?: number
  work?: number
  offers?: number
  wrap_ups?: number
  connected?: boolean
  handled?: number
}
export interface CodeName {
  code: string
  name_en: string
  name_zh: string
}
export interface CallbackCard {
  order?: string // absent: not a callback
  attempt?: number // made so far
  attempts_max?: number
  due_ms?: number // called next; absent: as soon as an agent is free
  calling?: boolean
  reached?: boolean
}
export interface WorkCard {
  interaction: number
  channel: Channel
  state: WorkState
  queue?: number
  customer?: number
  ticket?: number
  started_ms: number
  accepted_ms?: number
  customer_name?: string
  language?: string
  tier?: number
  messages?: number
  customer_lost?: boolean
  consult_agent?: number
  transfer_pending?: boolean
  consultant?: boolean
  participants?: number[] // beside the owner, in order of joining
  owner?: number // whose it is, for a participant
  outside?: 'calling' | 'connected' // the outside party
  outside_number?: string // theirs
  pop?: ScreenPop
  transcript?: ChatMessage[]
  parked?: boolean // the customer owes an answer for so long that it does not count
  callback?: CallbackCard
}
export interface WrapUpCard {
  interaction: number
  ticket?: number
  channel: Channel
  queue?: number
  until_ms: number
  customer?: number
  customer_name?: string
}
export interface WaitingCard {
  interaction: number
  channel: Channel
  queue: number
  queued_ms: number
  position?: number // in its queue, from 1
  customer_name?: string
  tier?: number
  language?: string
  preview?: string
  eligible?: boolean // the agent has what it asks for
  callback?: boolean // the customer waits to be called, not on the line
}
export interface OfferCard {
  offer: number
  interaction: number
  channel: Channel
  queue?: number
  expires_ms: number
  waited_ms?: number
  consult?: boolean
  preview?: string
  pop?: ScreenPop
  callback?: CallbackCard
}

export interface Hello {
  type: 'hello'
  protocol: number
  now_ms: number
  agent: number
  name: string
  role: Role
  resumed?: boolean
  language?: string
}
export interface Snapshot {
  type: 'snapshot'
  agent: AgentCard
  offers?: OfferCard[]
  work?: WorkCard[]
  wrap_ups?: WrapUpCard[]
  queues?: QueueCard[]
  agents?: AgentCard[]
  dispositions?: CodeName[]
  away_reasons?: CodeName[]
  outside_calls?: boolean // agents may call outside numbers into a call
}
export interface Reply {
  type: 'reply'
  request?: number
  ok?: boolean
  code?: string
  message?: string
  id?: number
}
export type GoodbyeReason = 'taken_over' | 'signed_out' | 'restarting' | 'slow'

export type FrameBody =
  | Hello
  | Snapshot
  | Reply
  | { type: 'agent_changed'; agent: AgentCard }
  | { type: 'offer_arrived'; offer: OfferCard }
  | { type: 'offer_gone'; offer: number; interaction?: number; reason: string }
  | { type: 'work_changed'; work: WorkCard }
  | { type: 'work_gone'; interaction: number; reason: string }
  | { type: 'message_arrived'; interaction: number; message: ChatMessage }
  | { type: 'typing'; interaction: number; author: Party; agent?: number }
  | { type: 'wrap_up_arrived'; wrap_up: WrapUpCard }
  | { type: 'wrap_up_gone'; interaction: number; timed_out?: boolean }
  | { type: 'customer_changed'; pop: ScreenPop }
  | { type: 'board_changed'; queues?: QueueCard[]; agents?: AgentCard[]; now_ms?: number; fairness?: number }
  | { type: 'goodbye'; reason: GoodbyeReason }
  | { type: 'waiting_changed'; waiting?: WaitingCard[]; total?: number; may_pull?: boolean }

export type Frame = FrameBody & { seq?: number }

export type RequestBody =
  | { type: 'set_presence'; presence: 'available' | 'away'; reason?: string }
  | { type: 'accept'; offer: number }
  | { type: 'decline'; offer: number; reason?: string }
  | { type: 'send_message'; interaction: number; text?: string; key: string; attachment?: string }
  | { type: 'send_typing'; interaction: number }
  | { type: 'hold'; interaction: number }
  | { type: 'resume'; interaction: number }
  | { type: 'transfer'; interaction: number; kind: TransferKind; queue?: number; target?: number; note?: string }
  | { type: 'complete_transfer'; interaction: number }
  | { type: 'cancel_transfer'; interaction: number }
  | { type: 'end'; interaction: number }
  | {
      type: 'complete_wrap_up'
      interaction: number
      disposition: string
      ticket_status?: TicketStatus
      note?: string
    }
  | { type: 'watch'; board: boolean }
  | { type: 'sign_out' }
  | { type: 'pull'; interaction: number }
  | { type: 'watch_waiting'; on: boolean }
  | { type: 'conference'; interaction: number }
  | { type: 'leave_conference'; interaction: number; participant?: number } // none: oneself
  | { type: 'invite_outside'; interaction: number; number: string }
  | { type: 'drop_outside'; interaction: number }

export const kSubprotocol = 'switchboard.console.v1.json'
export const kUnknownServiceLevel = 255
export const kMessageTextMax = 10_000
