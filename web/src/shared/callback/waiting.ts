// From a row of what waits to the dialog: the row names the contact, the dialog wants the customer's numbers.
import type { Channel, ScreenPop } from '../../protocol'
import { api } from '../api'
import type { CallbackFor } from './callbacks'

export interface WaitingContact {
  interaction: number
  channel: Channel
  queue: number
  preview?: string
}

// Who is on the line already, or waits to be called, needs no further call.
export const canCallBack = (contact: { channel: Channel }): boolean => contact.channel !== 'phone'

export const phonesOf = (pop: ScreenPop): string[] =>
  (pop.contacts ?? []).filter((contact) => contact.kind === 'phone').map((contact) => contact.value)

// Whoever is not in the records has no numbers yet: the dialog asks for one.
export async function callbackOf(contact: WaitingContact, name: string): Promise<CallbackFor> {
  const { customer } = await api.interaction(contact.interaction)
  const phones = customer ? phonesOf(await api.customer(customer)) : []
  return { ...(customer ? { customer } : {}), name, phones, queue: contact.queue, note: contact.preview ?? '', waits: true }
}
