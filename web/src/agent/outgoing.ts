// Messages on their way: shown at once, sent again after a reconnect under the same key, kept when refused.
import { reactive } from 'vue'
import type { Attachment } from '../protocol'
import { onFrame, onOpen, requestQuietly, state } from '../shared/console_store'
import { newKey } from '../shared/key'
import { reasonText } from '../shared/toast'

export interface Outgoing {
  key: string
  interaction: number
  text: string
  attachment?: Attachment
  error: string // empty while on its way
}

export const outgoing = reactive<Outgoing[]>([])

export function post(interaction: number, text: string, attachment?: Attachment): void {
  const item: Outgoing = { key: newKey(), interaction, text, error: '', ...(attachment ? { attachment } : {}) }
  outgoing.push(item)
  void attempt(item.key)
}

export function retry(item: Outgoing): void {
  item.error = ''
  void attempt(item.key)
}

export function discard(key: string): void {
  const at = outgoing.findIndex((item) => item.key === key)
  if (at >= 0) outgoing.splice(at, 1)
}

async function attempt(key: string): Promise<void> {
  const item = outgoing.find((known) => known.key === key)
  if (!item) return
  const reply = await requestQuietly({
    type: 'send_message',
    interaction: item.interaction,
    key: item.key,
    ...(item.text ? { text: item.text } : {}),
    ...(item.attachment ? { attachment: item.attachment.id } : {}),
  })
  if (reply.ok || reply.code === 'disconnected' || reply.code === 'timeout') return
  item.error = reasonText(reply.code ?? '', reply.message ?? '')
}

onFrame((frame) => {
  if (frame.type === 'message_arrived' && frame.message.key) discard(frame.message.key)
  if (frame.type === 'work_gone') {
    for (const item of outgoing.filter((known) => known.interaction === frame.interaction)) discard(item.key)
  }
  if (frame.type !== 'snapshot') return
  for (const work of state.work) for (const message of work.transcript ?? []) if (message.key) discard(message.key)
})

onOpen(() => {
  for (const item of outgoing) if (!item.error) void attempt(item.key)
})
