// The keyboard: every action of the page under a key, listed for the help overlay.
import { ref } from 'vue'
import { state } from '../shared/console_store'
import { wanted } from '../shared/callback/callbacks'
import { accept, callbackFor, items, offer, pop, pull, select, selection, work } from './desk'

export const helpOpen = ref(false)
export const paletteOpen = ref(false)
export const transferOpen = ref(false)
export const presenceOpen = ref(false)
export const customerOpen = ref(false) // the drawer on narrow screens
export const declineOpen = ref(0) // the offer whose reasons are shown
export const endPressed = ref(0) // counts presses, the end button answers
export const holdPressed = ref(0)
export const notePressed = ref(0)
export const wrapUpPressed = ref(0)

export const kShortcuts: { group: string; keys: string[]; text: string }[] = [
  { group: 'offers', keys: ['Alt', 'A'], text: 'accept' },
  { group: 'offers', keys: ['Alt', 'D'], text: 'decline' },
  { group: 'offers', keys: ['Alt', 'G'], text: 'pull' },
  { group: 'work', keys: ['Alt', '1…9'], text: 'select' },
  { group: 'work', keys: ['Alt', '↑ ↓'], text: 'neighbour' },
  { group: 'work', keys: ['Alt', 'H'], text: 'hold' },
  { group: 'work', keys: ['Alt', 'T'], text: 'transfer' },
  { group: 'work', keys: ['Alt', 'E'], text: 'end' },
  { group: 'work', keys: ['Alt', 'W'], text: 'wrapUp' },
  { group: 'work', keys: ['Enter'], text: 'send' },
  { group: 'work', keys: ['Shift', 'Enter'], text: 'newLine' },
  { group: 'everywhere', keys: ['Ctrl', 'K'], text: 'palette' },
  { group: 'everywhere', keys: ['Alt', 'P'], text: 'presence' },
  { group: 'everywhere', keys: ['Alt', 'N'], text: 'note' },
  { group: 'everywhere', keys: ['Alt', 'B'], text: 'callback' },
  { group: 'everywhere', keys: ['Alt', 'C'], text: 'customer' },
  { group: 'everywhere', keys: ['?'], text: 'help' },
  { group: 'everywhere', keys: ['Esc'], text: 'close' },
]

const offerAtHand = () => offer.value ?? state.offers[0]

const kAltKeys: Record<string, () => void> = {
  KeyA: () => {
    const card = offerAtHand()
    if (card) void accept(card)
  },
  KeyD: () => {
    declineOpen.value = offerAtHand()?.offer ?? 0
  },
  KeyG: () => {
    const card = state.waiting.cards.find((item) => item.eligible)
    if (card) void pull(card)
  },
  KeyB: () => {
    if (pop.value) wanted.value ??= callbackFor(pop.value, work.value?.queue)
  },
  KeyE: () => endPressed.value++,
  KeyH: () => holdPressed.value++,
  KeyT: () => {
    if (work.value) transferOpen.value = true
  },
  KeyW: () => {
    const next = items.value.find((item) => item.kind === 'wrap_up')
    if (selection.value?.kind === 'wrap_up') wrapUpPressed.value++
    else if (next) select(next)
  },
  KeyP: () => {
    presenceOpen.value = !presenceOpen.value
  },
  KeyN: () => notePressed.value++,
  KeyC: () => {
    customerOpen.value = !customerOpen.value
  },
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
}


function step(by: number): void {
  const list = items.value
  if (list.length === 0) return
  const at = list.findIndex((item) => item.kind === selection.value?.kind && item.id === selection.value.id)
  select(list[(at + by + list.length) % list.length]!)
}

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

export function onKeydown(event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === 'KeyK') {
    event.preventDefault()
    paletteOpen.value = !paletteOpen.value
    return
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const digit = /^Digit([1-9])$/.exec(event.code)
    const action = digit ? () => selectNumber(Number(digit[1])) : kAltKeys[event.code]
    if (!action) return
    event.preventDefault()
    if (!event.repeat) action()
    return
  }
  if (event.key === '?' && !isTextField(event.target)) {
    event.preventDefault()
    helpOpen.value = !helpOpen.value
  }
}

function selectNumber(number: number): void {
  const item = items.value[number - 1]
  if (item) select(item)
}
