// Calls to customers that are still to be made: the list, asking for one, calling one off with a way back.
import { ElMessage } from 'element-plus'
import { h, onBeforeUnmount, reactive, ref, watch } from 'vue'
import { api, type OpenCallback } from '../api'
import { onFrame } from '../console_store'
import { t } from '../i18n'
import { toast } from '../toast'
import { callbackOf, type WaitingContact } from './waiting'

// Who is to be called; the dialog is open while it is set.
export interface CallbackFor {
  customer?: number
  name: string
  phones: string[]
  zone?: string // the customer's, where it is known
  queue?: number
  note?: string // what it is about, as far as that is known
  waits?: boolean // a contact of theirs waits in a queue, and goes on waiting
  caller?: number // the contact of who waits on the line: they are called back themselves, at the number they called from
}
export const wanted = ref<CallbackFor | null>(null)
export const listOpen = ref(false)
let finding = false

// The dialog for a contact that waits, once its customer's numbers are known.
export async function callBackWaiting(contact: WaitingContact, name: string): Promise<void> {
  if (finding || wanted.value) return
  finding = true
  try {
    wanted.value = await callbackOf(contact, name)
  } catch (error) {
    toast.failed(error)
  }
  finding = false
}

const changed = ref(0)
export const noteChange = (): void => {
  changed.value++
}
// What is called off, but not yet said to the server: hidden, and still to be taken back.
const leaving = reactive(new Map<number, () => void>())
const kUndoMs = 6000
const kSettleMs = 400

export const isLeaving = (interaction: number): boolean => leaving.has(interaction)

export function callOff(callback: OpenCallback): void {
  const id = callback.interaction
  if (leaving.has(id)) return
  const send = (): void => {
    if (!leaving.has(id)) return
    clearTimeout(timer)
    removeEventListener('pagehide', send)
    api.cancelCallback(id).then(noteChange, (error: unknown) => {
      toast.failed(error)
      noteChange()
    }).finally(() => leaving.delete(id))
  }
  const undo = (): void => {
    clearTimeout(timer)
    removeEventListener('pagehide', send)
    leaving.delete(id)
    message.close()
  }
  const timer = setTimeout(send, kUndoMs)
  addEventListener('pagehide', send)
  leaving.set(id, send)
  const words = t('callback.calledOff', { name: callback.customer_name || t('customer.unknown') })
  const message = ElMessage({
    type: 'info', duration: kUndoMs, offset: 60, customClass: 'undo',
    message: h('span', [words, ' ', h('button', { type: 'button', class: 'btn small', onClick: undo }, t('callback.undo'))]),
  })
}

onFrame((frame) => {
  // Those that may be of a callback: due, taken, over.
  if (['offer_arrived', 'offer_gone', 'work_gone'].includes(frame.type)) noteChange()
})

// The open callbacks of a customer (0: of all), kept fresh while the caller is mounted.
export function useCallbacks(customer: () => number) {
  const list = ref<OpenCallback[]>([])
  const total = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0
  async function load(): Promise<void> {
    const mine = ++round
    const found = await api.callbacks(customer()).catch(() => null)
    if (mine !== round || !found) return
    list.value = found.callbacks
    total.value = found.total
  }
  watch(customer, () => {
    list.value = []
    void load()
  }, { immediate: true })
  watch(changed, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), kSettleMs)
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    round++
  })
  return { list, total }
}
