// The console's connection: opens, resumes after a break from the last position, and pairs requests with replies.
import { kSubprotocol, type Frame, type GoodbyeReason, type Reply, type RequestBody } from '../protocol'
import { backoffMs } from './backoff'

export type Connection = 'connecting' | 'open' | 'waiting' | 'closed'

export interface SocketEvents {
  since(): number
  frames(frames: Frame[]): void
  connection(state: Connection, retryAtMs: number): void
  goodbye(reason: GoodbyeReason): void
  failed(): void // an attempt ended before the server said hello; the session may have expired
}

// Where to open: an observer only watches the board, and takes no agent's console over.
export function consoleAddress(url: string, since: number, observe: boolean): string {
  const wanted = new URLSearchParams()
  if (observe) wanted.set('observe', '1')
  if (since > 0) wanted.set('since', String(since))
  return [url, wanted.toString()].filter(Boolean).join('?')
}

const kReplyTimeoutMs = 15_000
const kHelloTimeoutMs = 10_000

export class ConsoleSocket {
  private socket: WebSocket | null = null
  private attempt = 0
  private nextId = 1
  private retry: ReturnType<typeof setTimeout> | undefined
  private stopped = false
  private greeted = false
  private observe = false
  private readonly pending = new Map<number, { done: (reply: Reply) => void; timer: ReturnType<typeof setTimeout> }>()

  constructor(
    private readonly url: string,
    private readonly events: SocketEvents,
  ) {}

  open(observe = this.observe): void {
    this.observe = observe
    this.stopped = false
    clearTimeout(this.retry)
    this.events.connection('connecting', 0)
    const socket = new WebSocket(consoleAddress(this.url, this.events.since(), observe), kSubprotocol)
    this.socket = socket
    this.greeted = false
    const helloTimer = setTimeout(() => socket.close(), kHelloTimeoutMs)
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket !== this.socket) return
      clearTimeout(helloTimer)
      this.receive(event.data)
    }
    socket.onclose = () => {
      clearTimeout(helloTimer)
      if (socket === this.socket) this.broken()
    }
  }

  close(): void {
    this.stopped = true
    clearTimeout(this.retry)
    const socket = this.socket
    this.socket = null
    socket?.close()
    this.abandonReplies()
    this.events.connection('closed', 0)
  }

  // Skips the rest of the wait, e.g. when the network came back.
  retryNow(): void {
    if (!this.stopped && this.socket === null) this.open()
  }

  get isOpen(): boolean {
    return this.greeted && this.socket?.readyState === WebSocket.OPEN
  }

  // Resolves with the reply; code "disconnected" or "timeout" when none came.
  request(body: RequestBody): Promise<Reply> {
    if (!this.isOpen) return Promise.resolve({ type: 'reply', ok: false, code: 'disconnected' })
    const id = this.nextId++
    return new Promise((done) => {
      const timer = setTimeout(() => {
        this.pending.delete(id)
        done({ type: 'reply', request: id, ok: false, code: 'timeout' })
      }, kReplyTimeoutMs)
      this.pending.set(id, { done, timer })
      this.socket?.send(JSON.stringify({ ...body, id }))
    })
  }

  // Without a reply; dropped when not connected.
  notify(body: RequestBody): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(body))
  }

  private receive(data: string): void {
    const parsed = JSON.parse(data) as Frame | Frame[]
    const frames = Array.isArray(parsed) ? parsed : [parsed]
    for (const frame of frames) {
      if (frame.type === 'hello') {
        this.greeted = true
        this.attempt = 0
        this.events.connection('open', 0)
      }
    }
    this.events.frames(frames)
    for (const frame of frames) {
      if (frame.type === 'reply') this.settle(frame)
      if (frame.type === 'goodbye') this.farewell(frame.reason)
    }
  }

  private settle(reply: Reply): void {
    const waiting = this.pending.get(reply.request ?? 0)
    if (!waiting) return
    this.pending.delete(reply.request ?? 0)
    clearTimeout(waiting.timer)
    waiting.done(reply)
  }

  private farewell(reason: GoodbyeReason): void {
    if (reason === 'taken_over' || reason === 'signed_out') this.close()
    this.events.goodbye(reason)
  }

  private broken(): void {
    this.socket = null
    this.abandonReplies()
    if (this.stopped) return
    if (!this.greeted) this.events.failed()
    if (this.stopped) return
    const wait = backoffMs(this.attempt++)
    this.retry = setTimeout(() => this.open(), wait)
    this.events.connection('waiting', Date.now() + wait)
  }

  private abandonReplies(): void {
    for (const { done, timer } of this.pending.values()) {
      clearTimeout(timer)
      done({ type: 'reply', ok: false, code: 'disconnected' })
    }
    this.pending.clear()
  }
}
