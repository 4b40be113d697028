// Sound, desktop notifications, the page's title and the words a screen reader speaks.
import { computed, ref, watch } from 'vue'
import { onFrame, state } from '../shared/console_store'
import { t } from '../shared/i18n'
import { word } from '../shared/format'
import { chime, tick } from '../shared/sound'
import { customerName, queueName, selection, unread } from './desk'

export const spoken = ref('')
export const notificationsAsked = ref(typeof Notification === 'undefined' || Notification.permission !== 'default')

export async function askNotifications(): Promise<void> {
  notificationsAsked.value = true
  if (typeof Notification !== 'undefined') await Notification.requestPermission()
}

const notes = new Map<number, Notification>()

function notifyDesktop(id: number, title: string, body: string): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted' || !document.hidden) return
  const note = new Notification(title, { body, tag: `offer-${id}`, requireInteraction: true })
  note.onclick = () => {
    window.focus()
    note.close()
  }
  notes.set(id, note)
}

let repeat: ReturnType<typeof setInterval> | undefined

onFrame((frame, news) => {
  if (frame.type === 'offer_arrived' && news) {
    const card = frame.offer
    const title = t('offer.incoming', { channel: word('channel', card.channel), queue: queueName(card.queue) })
    spoken.value = `${title}. ${customerName(card)}. ${card.preview ?? ''} ${t('offer.howToAccept')}`
    notifyDesktop(card.offer, title, [customerName(card), card.preview].filter(Boolean).join(' · '))
    chime()
  }
  if (frame.type === 'offer_gone') {
    notes.get(frame.offer)?.close()
    notes.delete(frame.offer)
    if (news && frame.reason === 'timed_out') spoken.value = t('offer.timedOut')
  }
  if (frame.type === 'message_arrived' && news && frame.message.author === 'customer') {
    const elsewhere = selection.value?.interaction !== frame.interaction
    if (elsewhere || document.hidden) tick()
  }
})

watch(
  () => state.offers.length > 0,
  (ringing) => {
    clearInterval(repeat)
    if (ringing) repeat = setInterval(chime, 5000)
  },
)

const waiting = computed(() => state.offers.length + [...unread.values()].reduce((sum, count) => sum + count, 0))
watch(waiting, (count) => {
  document.title = count > 0 ? `(${count}) Switchboard` : 'Switchboard'
})
