import { afterEach, expect, it, vi } from 'vitest'
import { ApiError } from '../src/shared/api'
import { callbackOf, canCallBack } from '../src/shared/callback/waiting'

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

it('is for those who write: a caller is on the line, or waits to be called', () => {
  expect((['chat', 'email', 'message', 'form', 'phone'] as const).filter((channel) => canCallBack({ channel }))).toEqual(['chat', 'email', 'message', 'form'])
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
