// The one console of a page: state, connection and requests, for both the agent's and the supervisor's page.
import { reactive, ref } from 'vue'
import type { Frame, GoodbyeReason, Reply, RequestBody } from '../protocol'
import { api, ApiError, type Me } from './api'
import { setServerTime } from './clock'
import { ConsoleSocket, type Connection } from './console_socket'
import { emptyState, fold } from './console_state'
import { toast } from './toast'

export const state = reactive(emptyState())
export const connection = ref<Connection>('connecting')
export const retryAt = ref(0) // in this machine's time
export const goodbye = ref<GoodbyeReason | null>(null)

type Listener = (frame: Frame, news: boolean) => void
const listeners = new Set<Listener>()
const openListeners = new Set<() => void>()

const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
const socket = new ConsoleSocket(`${scheme}://${location.host}/ws/console`, {
  since: () => state.seq,
  frames: receive,
  connection(next, at) {
    connection.value = next
    retryAt.value = at
  },
  goodbye(reason) {
    if (reason === 'signed_out') toSignIn()
    if (reason === 'taken_over') goodbye.value = reason
  },
  failed: () => void checkSession(),
})

function receive(frames: Frame[]): void {
  for (const frame of frames) {
    if (frame.type === 'hello') setServerTime(frame.now_ms)
    if (frame.type === 'board_changed' && frame.now_ms) setServerTime(frame.now_ms)
    const news = fold(state, frame)
    for (const listener of listeners) listener(frame, news)
  }
  if (frames.some((frame) => frame.type === 'hello')) for (const listener of openListeners) listener()
}

export function onFrame(listener: Listener): void {
  listeners.add(listener)
}

export function onOpen(listener: () => void): void {
  openListeners.add(listener)
}

export function connect(): void {
  goodbye.value = null
  socket.open()
}

// Watches without being an agent here: the same person may work in a console elsewhere.
export function observe(): void {
  socket.open(true)
}

export function retryNow(): void {
  socket.retryNow()
}

addEventListener('online', retryNow)

// Says what went wrong in the person's language; true when the server did it.
export async function request(body: RequestBody): Promise<boolean> {
  const reply = await socket.request(body)
  if (!reply.ok) toast.refused(reply)
  return reply.ok === true
}

export function requestQuietly(body: RequestBody): Promise<Reply> {
  return socket.request(body)
}

export function notify(body: RequestBody): void {
  socket.notify(body)
}

export function toSignIn(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
}

export async function signOut(): Promise<void> {
  await socket.request({ type: 'sign_out' })
  socket.close()
  await api.signOut().catch(() => undefined)
  location.assign('/login')
}

// Who is signed in; null when the server cannot say, and on the way to the sign-in page when nobody is.
export async function checkSession(): Promise<Me | null> {
  try {
    return await api.me()
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) toSignIn()
    return null
  }
}
