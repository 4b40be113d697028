import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, Customer, textsOf } from './actors.mjs'
import { until, withCenter } from './harness.mjs'

test('the server is killed in the middle of a chat, and the chat goes on', () =>
  withCenter({}, async (server, visitors) => {
    visitors.excuse(/WebSocket connection to .* failed/)
    visitors.excuse(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/)
    const amy = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.writes('before the fall')
    await amy.offer.waitFor()
    await amy.accepts()
    await amy.writes('I am here')
    await customer.sees('I am here')
    await customer.writes('and this is the last word')
    await customer.delivered('and this is the last word')
    await amy.sees('and this is the last word')

    await server.kill()
    await amy.page.locator('.state .badge').waitFor()
    await customer.page.locator('.panel .note', { hasText: 'Reconnecting' }).waitFor()
    await customer.writes('written in the dark')
    await server.run()

    await amy.page.locator('.state .calm').waitFor({ timeout: 30_000 })
    await customer.delivered('written in the dark')
    await amy.sees('written in the dark')
    await amy.writes('back again')
    await customer.sees('back again')
    const said = ['before the fall', 'I am here', 'and this is the last word', 'written in the dark', 'back again']
    assert.deepEqual(await textsOf(amy.bubbles), said)
    assert.deepEqual((await textsOf(customer.bubbles)).slice(-5), said)
    assert.equal(await customer.bubbles.count(), 6, 'the greeting and five messages')

    await amy.ends()
    await amy.wrapsUp({ disposition: 'resolved' })
    await until('the work list is empty', async () => (await amy.workItems.count()) === 0)
  }))
