import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent } from './actors.mjs'
import { until, withCenter } from './harness.mjs'
import { attribute, Provider } from './provider.mjs'

const shop = '+14155550100'

// Somebody of the demo's customers with a phone and orders who speaks English.
async function knownCaller(server) {
  await until('the records have all customers', async () => (await fetch(`${server.base}/api/customers/60`, { headers: server.asProgram })).ok)
  for (let id = 1; id <= 60; ++id) {
    const found = await server.get(`/api/customers/${id}`)
    const phone = found.contacts?.find((contact) => contact.kind === 'phone')?.value
    if (phone && found.orders?.length > 0 && found.language === 'en') return { ...found, phone }
  }
  throw new Error('the demo has no such customer')
}

async function withPhone(body) {
  await withCenter({}, async (server, visitors) => {
    const provider = await Provider.start(server)
    try {
      await body(server, visitors, provider)
    } finally {
      await provider.stop()
    }
    assert.deepEqual(provider.failures, [])
  })
}

test('a call from the menu to the wrap-up, with the caller known by number', () =>
  withPhone(async (server, visitors, provider) => {
    const known = await knownCaller(server)
    const amy = await Agent.comes(visitors)
    const call = await provider.callIn(known.phone, shop)
    assert.match(call.heard, /Welcome to Longjing Tea and Kitchen/)
    assert.ok(attribute(call.heard, 'Gather', 'action'), 'the menu waits for a key')
    await provider.press(call, '2')
    assert.match(call.waiting, /<Play>/)

    await amy.offer.waitFor()
    assert.match(await amy.offer.innerText(), new RegExp(known.name))
    await amy.accepts()
    await amy.panel.getByText(known.name).first().waitFor()
    await amy.panel.getByText(known.orders[0].number).first().waitFor()

    await amy.page.locator('.call .status', { hasText: 'Connected' }).waitFor()
    const rung = provider.requests.find((request) => request.path.endsWith('/Participants.json'))
    assert.equal(rung.form.To, 'client:amy')
    assert.match(call.heard, /<Conference/)
    const timer = amy.page.locator('.call .timer')
    const shown = await timer.innerText()
    assert.match(shown, /^\d+:\d\d$/)
    await until('the timer runs', async () => (await timer.innerText()) !== shown)

    await amy.page.getByRole('button', { name: 'Hold', exact: true }).click()
    await until('the caller is on hold', () => call.held === true)
    await amy.page.locator('.call .status', { hasText: 'On hold' }).waitFor()
    await amy.page.getByRole('button', { name: 'Resume', exact: true }).click()
    await until('the caller is back', () => call.held === false)
    await amy.page.locator('.call .status', { hasText: 'Connected' }).waitFor()

    await amy.page.locator('.notes textarea').fill('Kettle arrived cracked')
    await amy.ends()
    assert.equal(await amy.wrapUp.locator('#wrap-note').inputValue(), 'Kettle arrived cracked')
    await until('the caller hears the end', () => call.status === 'completed')
    await amy.wrapsUp({ disposition: 'resolved' })
    await until('the work list is empty', async () => (await amy.workItems.count()) === 0)
    const timeline = await until('the call is in the records', async () => {
      const { items } = await server.get(`/api/customers/${known.customer}/timeline`)
      return items.find((item) => item.channel === 'phone' && item.outcome === 'resolved')
    })
    assert.ok(timeline.ended_ms >= timeline.started_ms)
  }))

test('a caller without a number becomes a customer with one click', () =>
  withPhone(async (server, visitors, provider) => {
    const amy = await Agent.comes(visitors)
    const call = await provider.callIn('anonymous', shop)
    await provider.press(call, '1')
    await amy.offer.waitFor()
    await amy.accepts()
    await amy.panel.getByText('Unknown customer').first().waitFor()
    await amy.panel.getByPlaceholder('Name').fill('Nina Newcomer')
    await amy.panel.getByRole('button', { name: 'Create customer' }).click()
    await amy.panel.locator('h2, h1', { hasText: 'Nina Newcomer' }).first().waitFor()
    const found = await until('the customer is found', async () => {
      const { customers } = await server.get('/api/customers?q=Newcomer')
      return customers[0]
    })
    assert.equal(found.name, 'Nina Newcomer')
    await provider.hangUp(call)
    await amy.wrapUp.waitFor()
    await amy.wrapsUp()
    const { items } = await server.get(`/api/customers/${found.customer}/timeline`)
    assert.equal(items.length, 1, 'the call is in the new customer\'s timeline')
  }))
