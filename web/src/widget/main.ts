// <script src="https://HOST/widget.js" data-queue="sales" data-language="zh" async></script>
// Optional: data-theme="light|dark", data-prechat="off". The page may call window.Switchboard (see README.md).
import { backoffMs } from '../shared/backoff'
import { newKey } from '../shared/key'
import { Session, type Kept, type Message } from './session'
import { View } from './view'
import { fill, isChinese } from './words'
import type { ChatAttachment, ServerFrame } from './wire'

declare global {
  interface Window {
    Switchboard?: { open(): void; close(): void; identify(token: string): void; setLanguage(language: string): void }
  }
}
const kTypingEveryMs = 1500

function start(script: HTMLScriptElement): void {
  const origin = new URL(script.src).origin
  const { queue, theme = '', prechat = '' } = script.dataset
  let language = script.dataset.language || document.documentElement.lang || navigator.language
  let identity = ''
  let socket: WebSocket | null = null
  let attempt = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let lastTyping = 0
  let view: View | undefined

  const storage = {
    key: `switchboard:${origin}`,
    load(): Kept | null {
      try {
        return JSON.parse(localStorage.getItem(this.key) ?? 'null') as Kept | null
      } catch {
        return null
      }
    },
    save(kept: Kept): void {
      try {
        localStorage.setItem(this.key, JSON.stringify(kept))
      } catch {
        // Without storage the conversation lasts as long as the page.
      }
    },
  }
  const session = new Session(
    storage,
    {
      send: (frame) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame)),
      reopen: () => socket?.close(),
      changed: () => view?.paint(),
      arrived: (message: Message) => view?.arrived(message),
    },
    newKey,
    Date.now,
  )

  function connect(): void {
    clearTimeout(retry)
    if (socket) return
    const opened = new WebSocket(`${origin.replace(/^http/, 'ws')}/ws/chat`)
    socket = opened
    opened.onopen = () => session.connected({ language, page: location.href, ...(queue ? { queue } : {}), ...(identity ? { identity } : {}) })
    opened.onmessage = (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as ServerFrame
      if (frame.t === 'welcome') attempt = 0
      if (frame.t === 'typing') view?.showTyping()
      session.take(frame)
    }
    opened.onclose = () => {
      if (socket !== opened) return
      socket = null
      session.disconnected()
      retry = setTimeout(connect, backoffMs(attempt++))
    }
  }
  function reconnect(): void {
    if (socket) socket.close()
  }

  async function attach(file: File): Promise<void> {
    const limit = session.attachmentBytesMax
    if (limit > 0 && file.size > limit) {
      const shown = `${(limit / 1e6).toFixed(limit < 1e7 ? 1 : 0)} MB`
      return view?.fail((words) => fill(words.tooBig, { limit: shown }))
    }
    const type = file.type || 'application/octet-stream'
    view?.fail((words) => words.uploading)
    try {
      const url = `${origin}/chat/attachments?visitor=${encodeURIComponent(session.visitor)}&name=${encodeURIComponent(file.name)}`
      const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body: file, credentials: 'omit' })
      if (!response.ok) throw response.status
      const { id } = (await response.json()) as { id: string }
      const attachment: ChatAttachment = { id, name: file.name, media_type: type, bytes: file.size }
      view?.fail(() => '')
      session.say('', {}, attachment)
    } catch (status) {
      view?.fail((words) => (status === 413 ? fill(words.tooBig, { limit: `${limit / 1e6} MB` }) : status === 415 ? words.uploadType : words.uploadFailed))
    }
  }

  function show(): void {
    const shown = new View(
      session,
      {
        say: (text, about) => session.say(text, about),
        attach: (file) => void attach(file),
        typing() {
          if (Date.now() - lastTyping < kTypingEveryMs) return
          lastTyping = Date.now()
          session.typing()
        },
        end: () => session.end(),
        callMe: (phone) => session.callMe(phone),
        retry: (key) => session.retry(key),
        identified: () => identity !== '',
        attachmentUrl: (id) => `${origin}/chat/attachments/${encodeURIComponent(id)}?visitor=${encodeURIComponent(session.visitor)}`,
      },
      language,
      prechat !== 'off',
      theme,
    )
    view = shown
    shown.paint()
    window.Switchboard = {
      open: () => shown.open(),
      close: () => shown.close(),
      identify(token) {
        identity = token
        reconnect()
      },
      setLanguage(next) {
        const isOther = isChinese(next) !== isChinese(language)
        language = next
        shown.setLanguage(next)
        if (isOther && !session.active) reconnect() // the greeting is the server's
      },
    }
    dispatchEvent(new Event('switchboard:ready'))
    addEventListener('online', connect)
    connect()
  }

  if (document.body) show()
  else addEventListener('DOMContentLoaded', show)
}

const script = document.currentScript
if (script instanceof HTMLScriptElement && !window.Switchboard) start(script)
