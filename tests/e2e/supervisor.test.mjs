import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, Customer } from './actors.mjs'
import { withCenter } from './harness.mjs'

test('the live board follows queues and agents', () =>
  withCenter({}, async (server, visitors) => {
    const sun = await Agent.comes(visitors, { login: 'sun', path: '/supervisor' })
    const sales = sun.page.locator('.board-table tbody tr', { hasText: 'Sales' })
    const waiting = (count) => sales.locator('td').nth(1).filter({ hasText: new RegExp(`^\\s*${count}\\s*$`) }).waitFor()
    await waiting(0)
    const customer = await Customer.comes(visitors)
    await customer.writes('Is anybody in today?')
    await waiting(1)

    const amy = await Agent.comes(visitors)
    const row = sun.page.locator('.board-table tbody tr', { hasText: 'Amy Chen' })
    await row.filter({ hasText: 'Available' }).waitFor()
    await amy.offer.waitFor()
    await amy.accepts()
    await waiting(0)
    await row.locator('.badge', { hasText: 'Working' }).waitFor()
    await amy.ends()
    await row.locator('.badge', { hasText: 'Wrap-up' }).waitFor()
  }))

test('a supervisor keeps working in the console while the board is open', () =>
  withCenter({}, async (server, visitors) => {
    const sun = await Agent.comes(visitors, { login: 'sun' })
    const board = await sun.context.newPage()
    await board.goto(`${server.base}/supervisor`)
    await board.locator('.board-table tbody tr', { hasText: '孙丽' }).waitFor()
    const customer = await Customer.comes(visitors)
    await customer.writes('Hello')
    await sun.offer.waitFor()
    await sun.accepts()
    await board.locator('.board-table tbody tr', { hasText: '孙丽' }).locator('.badge.accent').waitFor()
    assert.equal(await sun.page.getByText('open elsewhere').count(), 0)
  }))

test('an agent is told that the board is for supervisors', () =>
  withCenter({}, async (server, visitors) => {
    const ben = await Agent.comes(visitors, { login: 'ben', path: '/supervisor' })
    await ben.page.getByText('Your account does not see the live board').waitFor()
    assert.equal(await ben.page.locator('.board-table').count(), 0)
  }))
