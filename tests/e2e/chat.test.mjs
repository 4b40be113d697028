import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, Customer, textsOf } from './actors.mjs'
import { until, withCenter } from './harness.mjs'

test('a chat from the first word to the wrap-up', () =>
  withCenter({}, async (server, visitors) => {
    const amy = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.page.locator('.panel .who input').first().fill('Wei Parcel')
    await customer.page.locator('.panel .who input[type=email]').fill('wei.parcel@example.com')
    await customer.writes('Where is my order?')
    await customer.delivered('Where is my order?')

    await amy.offer.waitFor()
    assert.match(await amy.offer.innerText(), /Where is my order\?/)
    const seconds = async () => Number((await amy.offer.locator('[role=timer]').first().innerText()).trim())
    const first = await seconds()
    assert.ok(first > 0 && first <= 21, `counts down from ${first}`) // 20 s, rounded up by the page's estimate of the server's clock
    await until('the countdown moves', async () => (await seconds()) < first)
    await amy.accepts()

    await customer.talksWith('Amy Chen')
    await amy.sees('Where is my order?')
    await amy.writes('Hello, let me look.')
    await customer.sees('Hello, let me look.')
    await customer.writes('It is number LJ100001.')
    await amy.sees('It is number LJ100001.')
    await amy.writes('It arrives tomorrow.')
    await customer.sees('It arrives tomorrow.')
    const said = ['Where is my order?', 'Hello, let me look.', 'It is number LJ100001.', 'It arrives tomorrow.']
    assert.deepEqual(await textsOf(amy.bubbles), said)
    assert.deepEqual((await textsOf(customer.bubbles)).slice(-4), said)
    assert.ok(await amy.panel.isVisible(), 'the customer panel is on screen')

    await amy.ends()
    await customer.page.locator('.panel .note', { hasText: 'The chat was ended.' }).waitFor()
    await amy.wrapsUp({ disposition: 'follow_up', note: 'Asked about a parcel' })
    await until('the work list is empty', async () => (await amy.workItems.count()) === 0)

    const item = await until('the chat is in the customer\'s timeline', async () => {
      const { customers } = await server.get('/api/customers?q=Parcel')
      if (customers.length !== 1) return null
      const { items } = await server.get(`/api/customers/${customers[0].customer}/timeline`)
      return items.find((one) => one.outcome === 'follow_up')
    })
    assert.equal(item.channel, 'chat')
    assert.equal(item.preview, 'Where is my order?')
    const { messages } = await server.get(`/api/interactions/${item.interaction}/transcript`)
    assert.deepEqual(messages.filter((one) => one.author !== 'system').map((one) => one.text), said)
  }))
