import { afterEach, expect, it, vi } from 'vitest'
import { ApiError } from '../src/shared/api'
import { agree, callbackOf, canCallBack } from '../src/shared/callback/waiting'

const contact = { interaction: 41, channel: 'chat' as const, queue: 2, preview: 'My kettle leaks' }
// Answers by path; anything else is not there.
function serve(answers: Record<string, unknown>): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path)
    const body = answers[path] ?? { error: { code: 'not_found', message: path } }
    return new Response(JSON.stringify(body), { status: path in answers ? 200 : 404 })
  })
  return asked
}
afterEach(() => vi.unstubAllGlobals())

it('is for who writes and for who is on the line, not for who waits to be called', () => {
  expect([{}, { callback: false }, { callback: true }].map(canCallBack)).toEqual([true, true, false])
})

it('calls back who is on the line themselves: no number is asked for', async () => {
  serve({
    '/api/interactions/41': { interaction: 41, customer: 7 },
    '/api/customers/7': { customer: 7, time_zone: 'Europe/London', contacts: [{ kind: 'phone', value: '+8613800138000' }] },
  })
  const called = await callbackOf({ interaction: 41, channel: 'phone', queue: 2 }, 'Liu Yang')
  expect(called).toEqual({ name: 'Liu Yang', phones: [], zone: 'Europe/London', queue: 2, caller: 41 })
})

it('turns the call on the line into a callback, and makes a call of its own for anybody else', async () => {
  const sent: [string, unknown][] = []
  vi.stubGlobal('fetch', async (path: string, options: { body: string }) => {
    sent.push([path, JSON.parse(options.body)])
    return new Response(JSON.stringify({ interaction: 41 }), { status: 200 })
  })
  const terms = { order: 'agent_first' as const, attempts: 3 }
  const other = { phone: '+8613800138000', queue: 2, note: 'My kettle leaks' }
  await agree({ name: 'Liu Yang', phones: [], caller: 41 }, { ...terms, at: '2026-11-22T15:00:00+08:00', zone: 'Asia/Shanghai' }, other)
  await agree({ name: 'Liu Yang', phones: [], customer: 7, waits: true }, terms, other)
  await agree({ name: 'Unknown customer', phones: [] }, terms, { ...other, note: '' })
  expect(sent).toEqual([
    ['/api/interactions/41/callback', { order: 'agent_first', attempts: 3, at: '2026-11-22T15:00:00+08:00', zone: 'Asia/Shanghai' }],
    ['/api/callbacks', { phone: '+8613800138000', queue: 2, order: 'agent_first', attempts: 3, customer: 7, note: 'My kettle leaks' }],
    ['/api/callbacks', { phone: '+8613800138000', queue: 2, order: 'agent_first', attempts: 3 }],
  ])
})

it('finds the customer of the contact, their numbers only, their zone, and what it is about', async () => {
  serve({
    '/api/interactions/41': { interaction: 41, customer: 7 },
    '/api/customers/7': { customer: 7, time_zone: 'Europe/London', contacts: [{ kind: 'email', value: 'liu@example.com' }, { kind: 'phone', value: '+8613800138000' }, { kind: 'phone', value: '+862155550123' }] },
  })
  expect(await callbackOf(contact, 'Liu Yang')).toEqual({ customer: 7, name: 'Liu Yang', phones: ['+8613800138000', '+862155550123'], zone: 'Europe/London', queue: 2, note: 'My kettle leaks', waits: true })
})

it('asks for no profile of somebody the records do not know', async () => {
  const asked = serve({ '/api/interactions/41': { interaction: 41 } })
  expect(await callbackOf({ interaction: 41, channel: 'chat', queue: 2 }, 'Unknown customer')).toEqual({ name: 'Unknown customer', phones: [], queue: 2, note: '', waits: true })
  expect(asked).toEqual(['/api/interactions/41'])
})

it('says when the contact is not to be found', async () => {
  serve({})
  await expect(callbackOf(contact, 'Liu Yang')).rejects.toBeInstanceOf(ApiError)
})
