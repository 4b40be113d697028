// From a row of what waits to the dialog: the row names the contact, the dialog wants the customer's numbers.
import type { Channel, ScreenPop } from '../../protocol'
import { api, type CallbackTerms } from '../api'
import type { CallbackFor } from './callbacks'

export interface WaitingContact {
  interaction: number
  channel: Channel
  queue: number
  preview?: string
  callback?: boolean
}

// Who waits to be called needs no further call.
export const canCallBack = (contact: { callback?: boolean }): boolean => !contact.callback

const phonesOf = (pop: ScreenPop): string[] =>
  (pop.contacts ?? []).filter((contact) => contact.kind === 'phone').map((contact) => contact.value)

// How and by which clock a customer is called, as far as their profile says.
export const reachOf = (pop: ScreenPop): { phones: string[]; zone?: string } => ({ phones: phonesOf(pop), ...(pop.time_zone ? { zone: pop.time_zone } : {}) })

// Who is on the line has a number. Whoever else is not in the records has none yet: the dialog asks for one.
export async function callbackOf(contact: WaitingContact, name: string): Promise<CallbackFor> {
  const { customer } = await api.interaction(contact.interaction)
  const reach = customer ? reachOf(await api.customer(customer)) : { phones: [] }
  if (contact.channel === 'phone') return { name, ...reach, phones: [], queue: contact.queue, caller: contact.interaction }
  return { ...(customer ? { customer } : {}), name, ...reach, queue: contact.queue, note: contact.preview ?? '', waits: true }
}

// What the dialog asks for: the call of who waits on the line is turned into a callback, anybody else gets a new one.
export function agree(whom: CallbackFor, terms: CallbackTerms, other: { phone: string; queue: number; note: string }) {
  if (whom.caller) return api.agreeCallback(whom.caller, terms)
  const { phone, queue, note } = other
  return api.requestCallback({ phone, queue, ...terms, ...(whom.customer ? { customer: whom.customer } : {}), ...(note ? { note } : {}) })
}
