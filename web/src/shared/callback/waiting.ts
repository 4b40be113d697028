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

const phonesOf = (pop: ScreenPop): string[] =>
  (pop.contacts ?? []).filter((contact) => contact.kind === 'phone').map((contact) => contact.value)

// How and by which clock a customer is called, as far as their profile says.
export const reachOf = (pop: ScreenPop): { phones: string[]; zone?: string } => ({ phones: phonesOf(pop), ...(pop.time_zone ? { zone: pop.time_zone } : {}) })

// Whoever is not in the records has no numbers yet: the dialog asks for one.
export async function callbackOf(contact: WaitingContact, name: string): Promise<CallbackFor> {
  const { customer } = await api.interaction(contact.interaction)
  const reach = customer ? reachOf(await api.customer(customer)) : { phones: [] }
  return { ...(customer ? { customer } : {}), name, ...reach, queue: contact.queue, note: contact.preview ?? '', waits: true }
}
