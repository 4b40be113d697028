// The life of an interaction as GET /api/interactions/ID/explain tells it, arranged for reading. Pure.
import { call } from '../shared/api'
import type { Language } from '../shared/preferences'

export interface AgentCase {
  agent: number
  name: string
  eligible: boolean
  chosen?: boolean
  score?: number
  preferred_levels?: number
  reasons_en: string[]
  reasons_zh: string[]
}
export interface OfferDetails {
  agent?: number
  policy?: string
  order?: string
  place?: number
  waiting?: number
  ring?: number
  candidates?: number
  score?: number
  preferred_levels?: number
  waited_ms?: number
  pulled?: boolean
  named?: boolean
  agent_freed?: boolean
  consult?: boolean
  agents?: AgentCase[]
  agents_left_out?: number
}
export interface LifeEvent {
  time_ms: number
  seq: number
  event: string
  text_en: string
  text_zh: string
  short_en?: string // of an offer: who, without why
  short_zh?: string
  details: OfferDetails & Record<string, unknown>
}
export interface QueueName {
  queue: number
  name: string
  title_en: string
  title_zh: string
}
export interface Life {
  interaction: number
  queues: QueueName[]
  events: LifeEvent[]
}

export const explain = (interaction: number): Promise<Life> => call<Life>('GET', `/api/interactions/${interaction}/explain`)

export type Tone = 'arrive' | 'wait' | 'offer' | 'good' | 'bad' | 'talk' | 'end'
export interface Step {
  key: string
  time_ms: number
  since_ms: number // after the step before
  tone: Tone
  event: LifeEvent
  messages: number // above 1: so many messages in a row stand as one
}

const kTones: Record<string, Tone> = {
  InteractionStarted: 'arrive', PastInteractionAdded: 'arrive', CustomerCreated: 'arrive', TicketOpened: 'arrive',
  InteractionQueued: 'wait', InteractionRelaxed: 'wait', AvoidanceEnded: 'wait', InteractionParked: 'wait', InteractionUnparked: 'wait',
  OfferMade: 'offer', OfferAccepted: 'good', InteractionConnected: 'good', TransferCompleted: 'good', CustomerReached: 'good',
  ParticipantJoined: 'good', InteractionHandedOver: 'good', OutsideJoined: 'good', OutsideInvited: 'offer',
  ParticipantLeft: 'wait', OutsideLeft: 'wait',
  OfferDeclined: 'bad', OfferTimedOut: 'bad', OfferWithdrawn: 'bad', ConnectionFailed: 'bad', InteractionAbandoned: 'bad',
  CustomerConnectionLost: 'bad', CustomerMissed: 'bad',
  InteractionEnded: 'end', WrapUpStarted: 'end', WrapUpCompleted: 'end',
}

// Messages in a row become one step: what was said is in the transcript.
export function stepsOf(events: LifeEvent[]): Step[] {
  const steps: Step[] = []
  let before = events[0]?.time_ms ?? 0
  for (const event of events) {
    const last = steps.at(-1)
    if (event.event === 'MessagePosted' && last?.event.event === 'MessagePosted') {
      last.messages++
      before = event.time_ms
      continue
    }
    steps.push({ key: `${event.seq}-${steps.length}`, time_ms: event.time_ms, since_ms: event.time_ms - before, tone: kTones[event.event] ?? 'talk', event, messages: 1 })
    before = event.time_ms
  }
  return steps
}

// Why an offer was declined is a code among the words; `name` gives it the words of the button that was pressed.
export function declinedText(event: LifeEvent, language: Language, name: (code: string) => string): string {
  const text = textOf(event, language)
  const { reason } = event.details
  return typeof reason === 'string' && reason && text.endsWith(reason) ? text.slice(0, -reason.length) + name(reason) : text
}
export const textOf = (event: LifeEvent, language: Language): string => (language === 'zh-CN' ? event.text_zh : event.text_en)
export const shortOf = (event: LifeEvent, language: Language): string =>
  (language === 'zh-CN' ? event.short_zh : event.short_en) ?? textOf(event, language)
export const reasonsOf = (agent: AgentCase, language: Language): string[] => (language === 'zh-CN' ? agent.reasons_zh : agent.reasons_en)
