import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, Customer } from './actors.mjs'
import { until, withCenter } from './harness.mjs'

const short = { edit: (text) => text.replaceAll(/^offer_timeout_s = .*$/gm, 'offer_timeout_s = 2').replaceAll(/^avoid_s = .*$/gm, 'avoid_s = 0') }

test('a missed offer makes the agent not responding, and one click brings it back', () =>
  withCenter(short, async (server, visitors) => {
    const amy = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.writes('Anybody there?')
    await amy.offer.waitFor()
    await amy.offer.waitFor({ state: 'detached' })
    await amy.page.locator('button.presence .dot.not_responding').waitFor()
    await amy.page.getByText('You missed an offer').waitFor()
    assert.match(await customer.page.locator('.panel .note').first().innerText(), /You are number 1 in line/)

    await amy.page.locator('main .btn.go').click()
    await amy.offer.waitFor()
    assert.match(await amy.offer.innerText(), /Anybody there\?/)
    await amy.accepts()
    await customer.talksWith('Amy Chen')
  }))

test('the second sign-in of an agent takes over, and the first page says so', () =>
  withCenter({}, async (server, visitors) => {
    const first = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.writes('Do you have oolong?')
    await first.offer.waitFor()
    await first.accepts()
    const second = await Agent.comes(visitors, { available: null })
    await first.page.getByText('This console is open elsewhere').waitFor()
    await second.sees('Do you have oolong?')
    await first.page.getByRole('button', { name: 'Use it here' }).click()
    await second.page.getByText('This console is open elsewhere').waitFor()
    await first.sees('Do you have oolong?')
    await first.writes('We do.')
    await customer.sees('We do.')
  }))

test('a visitor becomes a customer with one click', () =>
  withCenter({}, async (server, visitors) => {
    const amy = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.writes('Hello')
    await amy.offer.waitFor()
    await amy.accepts()
    await amy.panel.getByPlaceholder('Name').fill('Vera Visitor')
    await amy.panel.getByRole('button', { name: 'Create customer' }).click()
    await amy.panel.locator('h2', { hasText: 'Vera Visitor' }).waitFor()
    await amy.page.locator('main h1', { hasText: 'Vera Visitor' }).waitFor()
    const found = await until('the customer is found', async () => {
      const { customers } = await server.get('/api/customers?q=Vera')
      return customers.find((one) => one.name === 'Vera Visitor')
    })
    const { items } = await server.get(`/api/customers/${found.customer}/timeline`)
    assert.equal(items[0].channel, 'chat')
  }))
