// One visitor's conversation: what was said, what is on its way, and where to resume. No network and no screen here:
// frames go in, frames come out, so every break of the connection can be tested.
import type { ChatAttachment, ClientFrame, ServerFrame, WireMessage } from './wire'

export interface Message {
  n: number // 0: not numbered by the server yet
  chat: number // which conversation on this device
  from: 'customer' | 'agent' | 'system'
  name?: string
  text: string
  time: number
  key?: string
  attachment?: ChatAttachment
  failed?: string // why the server refused it
}
interface Pending {
  key: string
  start: boolean
  text: string
  name?: string
  email?: string
  attachment?: string
}
// A call on the phone instead of waiting here.
export interface Agreed {
  phone: string
  at?: number // from when on; absent: as soon as somebody is free
}
interface Wish {
  key: string
  phone: string
}
export interface Kept {
  visitor: string
  chat: number
  remote: number // the server's number of the conversation, where it tells one
  last: number
  active: boolean
  messages: Message[]
  pending: Pending[]
  wish?: Wish | undefined // asked for and not answered yet
  agreed?: Agreed | undefined
}
export interface Store {
  load(): Kept | null
  save(kept: Kept): void
}
export interface Door {
  send(frame: ClientFrame): void
  reopen(): void // close and connect again, because something is missing
  changed(): void
  arrived(message: Message): void // something new from the other side
}

const kMessagesKept = 200

export class Session {
  visitor = ''
  messages: Message[] = []
  active = false
  open = true
  name = ''
  greeting = ''
  agent = ''
  position = 0
  waitMs: number | undefined
  mayCallBack = false
  wish: Wish | undefined
  agreed: Agreed | undefined
  wishProblem = '' // code of the refusal
  ended = '' // by whom
  ticket = 0
  problem = '' // code of the last refusal that concerned no message
  attachmentBytesMax = 0
  ready = false // welcomed on this connection
  private chat = 1
  private remote = 0
  private last = 0
  private pending: Pending[] = []

  constructor(
    private readonly store: Store,
    private readonly door: Door,
    private readonly newKey: () => string,
    private readonly now: () => number,
  ) {
    const kept = store.load()
    if (!kept) return
    this.visitor = kept.visitor
    this.chat = kept.chat
    this.remote = kept.remote
    this.last = kept.last
    this.active = kept.active
    this.messages = kept.messages
    this.pending = kept.pending
    this.wish = kept.wish
    this.agreed = kept.agreed
  }

  get since(): number {
    return this.last
  }

  connected(about: { language: string; page: string; queue?: string; identity?: string }): void {
    const hello: ClientFrame = { t: 'hello', visitor: this.visitor, since: this.last, ...about }
    if (this.remote) hello.chat = this.remote
    this.door.send(hello)
  }

  disconnected(): void {
    this.ready = false
    this.door.changed()
  }

  // The first message opens a conversation, the next ones continue it.
  say(text: string, about: { name?: string; email?: string } = {}, attachment?: ChatAttachment): void {
    const start = !this.active && !this.pending.some((item) => item.start)
    if (start) this.begin()
    const key = this.newKey()
    const item: Pending = { key, start, text, ...(start ? about : {}), ...(attachment ? { attachment: attachment.id } : {}) }
    this.pending.push(item)
    this.messages.push({ n: 0, chat: this.chat, from: 'customer', text, time: this.now(), key, ...(attachment ? { attachment } : {}) })
    if (this.ready) this.post(item)
    this.keep()
  }

  retry(key: string): void {
    const message = this.messages.find((item) => item.key === key && item.n === 0)
    if (!message?.failed) return
    delete message.failed
    const item: Pending = { key, start: !this.active, text: message.text, ...(message.attachment ? { attachment: message.attachment.id } : {}) }
    this.pending.push(item)
    if (this.ready) this.post(item)
    this.keep()
  }

  typing(): void {
    if (this.ready && this.active) this.door.send({ t: 'typing' })
  }

  // A repeated wish has the same key, so that it is one call.
  callMe(phone: string): void {
    this.wish = { key: this.newKey(), phone }
    this.wishProblem = ''
    if (this.ready) this.door.send({ t: 'callback', ...this.wish })
    this.keep()
  }

  end(): void {
    if (this.ready) this.door.send({ t: 'end' })
  }

  take(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.welcomed(frame)
        break
      case 'message':
        this.received(frame)
        break
      case 'ack':
        this.acknowledged(frame.key, frame.n)
        break
      case 'queued':
        this.position = frame.position
        this.agent = ''
        this.waitMs = frame.wait_ms
        this.mayCallBack = frame.callback === true
        break
      case 'callback':
        this.agreed = { phone: frame.phone, ...(frame.at_ms ? { at: frame.at_ms } : {}) }
        this.wish = undefined
        this.close('callback')
        break
      case 'assigned':
        this.agent = frame.agent
        this.position = 0
        this.mayCallBack = false
        break
      case 'ended':
        this.close(frame.by)
        break
      case 'ticket':
        this.ticket = frame.ticket
        this.pending = []
        this.active = false
        break
      case 'error':
        this.refused(frame.code, frame.key)
        break
      case 'typing':
        return
    }
    this.keep()
  }

  private begin(): void {
    if (this.messages.length > 0) this.chat++
    this.last = 0
    this.remote = 0
    this.ended = ''
    this.agent = ''
    this.position = 0
    this.ticket = 0
    this.problem = ''
    this.mayCallBack = false
    this.wish = undefined
    this.agreed = undefined
    this.wishProblem = ''
  }

  private welcomed(frame: Extract<ServerFrame, { t: 'welcome' }>): void {
    const another = this.visitor !== '' && this.visitor !== frame.visitor
    this.visitor = frame.visitor
    this.open = frame.open !== false
    this.name = frame.name ?? ''
    this.greeting = frame.greeting ?? ''
    this.attachmentBytesMax = frame.max_attachment_bytes ?? 0
    // A conversation we do not know: another tab began it, or the server forgot this visitor.
    const unknown = this.remote !== 0 && frame.chat !== undefined && frame.chat !== this.remote && this.last > 0
    const behind = (frame.last ?? 0) < this.last && frame.active === true
    if (frame.chat) this.remote = frame.chat
    if (another || unknown || behind) {
      this.chat++
      this.last = 0
    }
    if (behind && !another && !unknown) return this.door.reopen()
    const wasActive = this.active
    this.active = frame.active === true
    if (wasActive && !this.active && !this.pending.some((item) => item.start)) this.ended ||= 'system'
    this.ready = true
    for (const item of this.pending) this.post(item)
    if (this.wish) this.door.send({ t: 'callback', ...this.wish })
  }

  private received(frame: WireMessage): void {
    if (frame.chat && frame.chat !== this.remote) {
      if (this.remote) this.begin() // another tab began it
      this.remote = frame.chat
    }
    const known = this.messages.find((item) => item.chat === this.chat && (item.n === frame.n || (frame.key !== undefined && item.key === frame.key)))
    if (!known && frame.n > this.last + 1 && !this.hasAll(frame.n)) return this.door.reopen()
    this.pending = this.pending.filter((item) => item.key !== frame.key || frame.key === undefined)
    const message: Message = {
      n: frame.n, chat: this.chat, from: frame.from, text: frame.text ?? '', time: frame.time_ms,
      ...(frame.name ? { name: frame.name } : {}),
      ...(frame.key ? { key: frame.key } : {}),
      ...(frame.attachment?.id ? { attachment: frame.attachment } : {}),
    }
    const fresh = known === undefined
    if (known) Object.assign(known, message)
    else this.messages.push(message)
    if (frame.from !== 'system') this.active = true
    this.settle()
    if (fresh && frame.from !== 'customer') this.door.arrived(message)
  }

  private acknowledged(key: string, n: number): void {
    const item = this.pending.find((pending) => pending.key === key)
    this.pending = this.pending.filter((pending) => pending.key !== key)
    const message = this.messages.find((known) => known.key === key)
    if (message) message.n = n
    if (item?.start) this.active = true
    this.settle()
  }

  // Numbered messages in order, unnumbered ones after them; the position is the last number without a hole before it.
  private settle(): void {
    this.messages.sort((a, b) => a.chat - b.chat || (a.n || Infinity) - (b.n || Infinity) || a.time - b.time)
    const numbers = new Set(this.messages.filter((item) => item.chat === this.chat).map((item) => item.n))
    while (numbers.has(this.last + 1)) this.last++
  }

  private hasAll(until: number): boolean {
    const numbers = new Set(this.messages.filter((item) => item.chat === this.chat).map((item) => item.n))
    for (let n = this.last + 1; n < until; n++) if (!numbers.has(n)) return false
    return true
  }

  private refused(code: string, key?: string): void {
    if (key !== undefined && key === this.wish?.key) {
      this.wish = undefined
      this.wishProblem = code
      return
    }
    this.pending = this.pending.filter((item) => item.key !== key)
    const message = this.messages.find((item) => item.key !== undefined && item.key === key)
    if (message) message.failed = code
    else this.problem = code
  }

  private close(by: string): void {
    this.active = false
    this.ended = by
    this.mayCallBack = false
    this.position = 0
    this.agent = ''
  }

  private post(item: Pending): void {
    const { key, text } = item
    if (item.start) {
      this.door.send({ t: 'start', key, text, ...(item.name ? { name: item.name } : {}), ...(item.email ? { email: item.email } : {}) })
    } else {
      this.door.send({ t: 'message', key, ...(text ? { text } : {}), ...(item.attachment ? { attachment: item.attachment } : {}) })
    }
  }

  private keep(): void {
    if (this.messages.length > kMessagesKept) this.messages = this.messages.slice(-kMessagesKept)
    this.store.save({
      visitor: this.visitor, chat: this.chat, remote: this.remote, last: this.last, active: this.active,
      messages: this.messages, pending: this.pending, wish: this.wish, agreed: this.agreed,
    })
    this.door.changed()
  }
}
