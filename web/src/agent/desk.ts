// What is on the agent's desk: which piece of work is open, what is unread, and whose profile is beside it.
import { computed, reactive, ref, watch } from 'vue'
import type { CallbackCard, Frame, OfferCard, ScreenPop, WaitingCard, WorkCard, WrapUpCard } from '../protocol'
import { api, type CustomerProfile } from '../shared/api'
import { reachOf } from '../shared/callback/waiting'
import { now } from '../shared/clock'
import { fold } from '../shared/console_state'
import { onFrame, onOpen, request, requestQuietly, state } from '../shared/console_store'
import { hasText, queueTitle, t } from '../shared/i18n'
import { toast } from '../shared/toast'

export interface Selection {
  kind: 'offer' | 'work' | 'wrap_up'
  id: number // offer or interaction
  interaction: number
}

export const selection = ref<Selection | null>(null)
export const peeked = ref<CustomerProfile | null>(null) // a customer looked up by search
export const unread = reactive(new Map<number, number>()) // by interaction
export const callNotes = reactive(new Map<number, string>()) // by interaction, written during a call
const typingUntil = reactive(new Map<number, number>())
const pops = reactive(new Map<number, ScreenPop>()) // by interaction, for wrap-ups

const kTypingShownMs = 5000

export const offer = computed<OfferCard | null>(() =>
  selection.value?.kind === 'offer' ? (state.offers.find((item) => item.offer === selection.value!.id) ?? null) : null,
)
export const work = computed<WorkCard | null>(() =>
  selection.value?.kind === 'work' ? (state.work.find((item) => item.interaction === selection.value!.id) ?? null) : null,
)
export const wrapUp = computed<WrapUpCard | null>(() =>
  selection.value?.kind === 'wrap_up' ? (state.wrapUps.find((item) => item.interaction === selection.value!.id) ?? null) : null,
)
export const pop = computed<ScreenPop | null>(() => {
  if (peeked.value) return peeked.value
  if (offer.value) return offer.value.pop ?? {}
  if (work.value) return work.value.pop ?? {}
  return wrapUp.value ? (pops.get(wrapUp.value.interaction) ?? null) : null
})
// The interaction the profile belongs to; 0 while looking at somebody found by search.
export const popInteraction = computed(() => (peeked.value ? 0 : (selection.value?.interaction ?? 0)))

export interface DeskItem extends Selection {
  card: OfferCard | WorkCard | WrapUpCard
}
// In the order of the work list: Alt+1 is the first.
export const items = computed<DeskItem[]>(() => [
  ...state.offers.map((card) => ({ kind: 'offer' as const, id: card.offer, interaction: card.interaction, card })),
  ...state.work.map((card) => ({ kind: 'work' as const, id: card.interaction, interaction: card.interaction, card })),
  ...state.wrapUps.map((card) => ({ kind: 'wrap_up' as const, id: card.interaction, interaction: card.interaction, card })),
])

// What the person last turned to; followed through offer, work and wrap-up.
let chosen = 0

export function select(next: Selection): void {
  chosen = next.interaction
  show(next)
}

function show(next: Selection | null): void {
  selection.value = next && { kind: next.kind, id: next.id, interaction: next.interaction }
  peeked.value = null
  if (next) unread.delete(next.interaction)
}

const present = (wanted: Selection): boolean => items.value.some((item) => item.kind === wanted.kind && item.id === wanted.id)

// The open thing may have become another (offer, work, wrap-up) or be gone: follow it, else take what needs us most.
function settle(): void {
  const current = selection.value
  const there = current !== null && present(current)
  const follow = items.value.find((item) => item.interaction === chosen)
  if (there && (current.interaction === chosen || !follow)) return
  const next =
    follow ??
    items.value.find((item) => item.kind === 'offer') ??
    items.value.find((item) => unread.has(item.interaction)) ??
    items.value[0] ??
    null
  show(next)
}

watch(items, settle)

onFrame((frame, news) => {
  remember(frame)
  if (frame.type === 'typing' && frame.author === 'customer') {
    typingUntil.set(frame.interaction, now.value + kTypingShownMs)
  }
  if (frame.type !== 'message_arrived') return
  typingUntil.delete(frame.interaction)
  const open = selection.value?.interaction === frame.interaction && document.hasFocus()
  if (news && frame.message.author === 'customer' && !open) {
    unread.set(frame.interaction, (unread.get(frame.interaction) ?? 0) + 1)
  }
})

addEventListener('focus', () => {
  if (selection.value) unread.delete(selection.value.interaction)
})

function remember(frame: Frame): void {
  if (frame.type === 'snapshot') {
    for (const item of state.work) if (item.pop) pops.set(item.interaction, item.pop)
    for (const item of state.wrapUps) void fetchPop(item)
  } else if (frame.type === 'work_changed' && frame.work.pop) {
    pops.set(frame.work.interaction, frame.work.pop)
  } else if (frame.type === 'wrap_up_arrived') {
    void fetchPop(frame.wrap_up)
  } else if (frame.type === 'wrap_up_gone') {
    pops.delete(frame.interaction)
    callNotes.delete(frame.interaction)
  } else if (frame.type === 'customer_changed') {
    for (const [interaction, known] of pops) if (known.customer === frame.pop.customer) pops.set(interaction, frame.pop)
  }
}

// A wrap-up frame carries no profile: after a reload it has to be asked for.
async function fetchPop(card: WrapUpCard): Promise<void> {
  if (pops.has(card.interaction) || !card.customer) return
  const profile = await api.customer(card.customer).catch(() => null)
  if (profile) pops.set(card.interaction, profile)
}

export const isTyping = (interaction: number): boolean => (typingUntil.get(interaction) ?? 0) > now.value

// After a change by REST: show the new profile wherever the customer is on screen.
export async function refreshCustomer(id: number): Promise<CustomerProfile | null> {
  try {
    const profile = await api.customer(id)
    const frame: Frame = { type: 'customer_changed', pop: profile }
    fold(state, frame)
    remember(frame)
    if (peeked.value?.customer === id) peeked.value = profile
    return profile
  } catch (error) {
    toast.failed(error)
    return null
  }
}

export async function peek(id: number): Promise<void> {
  try {
    peeked.value = await api.customer(id)
  } catch (error) {
    toast.failed(error)
  }
}

export async function accept(card: OfferCard): Promise<void> {
  select({ kind: 'offer', id: card.offer, interaction: card.interaction })
  await request({ type: 'accept', offer: card.offer })
}

export async function decline(card: OfferCard, reason: string): Promise<void> {
  if (await request({ type: 'decline', offer: card.offer, reason })) toast.tell(t('offer.declined'))
}

onOpen(() => void requestQuietly({ type: 'watch_waiting', on: true }))

export const pulling = ref(0) // the interaction being taken

export async function pull(card: WaitingCard): Promise<void> {
  if (pulling.value) return
  pulling.value = card.interaction
  const reply = await requestQuietly({ type: 'pull', interaction: card.interaction })
  pulling.value = 0
  if (reply.ok) {
    chosen = card.interaction
    settle()
    return
  }
  const known = `waiting.refused.${reply.code ?? ''}`
  if (hasText(known)) toast.warn(t(known))
  else toast.refused(reply)
}

export const waitingName = (card: WaitingCard): string => card.customer_name || t('waiting.stranger')

export const queueName = (queue: number | undefined): string => {
  const card = state.queues.find((item) => item.queue === queue)
  return card ? queueTitle(card) : queue ? `#${queue}` : ''
}

export const agentName = (agent: number | undefined): string => {
  if (!agent) return ''
  if (agent === state.agent?.agent) return state.agent.name
  return state.agents.find((item) => item.agent === agent)?.name ?? `#${agent}`
}

// Nobody has named them yet: their address stands in, of a chat visitor a short code.
export function profileName(pop: ScreenPop): string {
  const contact = pop.unnamed ? pop.contacts?.[0] : undefined
  if (contact?.kind === 'chat') return t('customer.visitor', { code: contact.value.slice(0, 4) })
  return pop.name || contact?.value || t('customer.unknown')
}

// Whom to call, with the numbers and the time zone that are known.
export const callbackFor = (pop: ScreenPop, queue: number | undefined) => ({
  ...(pop.customer ? { customer: pop.customer } : {}),
  name: profileName(pop),
  ...reachOf(pop),
  ...(queue ? { queue } : {}),
})

// Which attempt of how many, the next one's order: of a contact that is a callback.
export const callbackText = (card: CallbackCard | undefined): string =>
  !card?.order ? '' : card.attempt ? t('callback.badgeAttempt', { attempt: card.attempt, of: card.attempts_max ?? 1 }) : t('callback.badge')
export const callbackTitle = (card: CallbackCard | undefined): string =>
  card?.order ? t('callback.badgeText', { order: t(`callback.${card.order}`), attempts: card.attempts_max ?? 1 }) : ''

export function customerName(card: { interaction?: number; customer_name?: string; pop?: ScreenPop }): string {
  const profile = card.pop ?? pops.get(card.interaction ?? 0)
  if (profile && (profile.unnamed || !card.customer_name)) return profileName(profile)
  return card.customer_name || t('customer.unknown')
}
