import { test } from 'node:test'
import { Agent, Customer } from './actors.mjs'
import { withCenter } from './harness.mjs'

test('two agents and a customer in one chat; the owner leaves, the other goes on', () =>
  withCenter({}, async (server, visitors) => {
    const amy = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.writes('My kettle leaks.')
    await amy.offer.waitFor()
    await amy.accepts()
    const dana = await Agent.comes(visitors, { login: 'dana' })
    await amy.asks('Dana Kowalski')
    await dana.offer.waitFor()
    await dana.accepts()
    await amy.page.getByRole('button', { name: 'Bring in' }).click()

    await amy.page.locator('.conference .person', { hasText: 'Dana Kowalski' }).waitFor()
    await dana.page.locator('.conference .person', { hasText: 'Amy Chen' }).waitFor()
    await amy.page.locator('.consult').waitFor({ state: 'detached' })
    await dana.writes('Which model is it?')
    await customer.sees('Which model is it?')
    await amy.sees('Which model is it?')
    await customer.writes('The blue one.')
    await dana.sees('The blue one.')

    await amy.page.getByRole('button', { name: 'Leave', exact: true }).click()
    await amy.wrapsUp()
    await dana.page.locator('.conference').waitFor({ state: 'detached' })
    await dana.writes('I will send a new lid.')
    await customer.sees('I will send a new lid.')
    await dana.ends()
    await customer.page.locator('.panel .note', { hasText: 'The chat was ended.' }).waitFor()
    await dana.wrapsUp()
  }))
