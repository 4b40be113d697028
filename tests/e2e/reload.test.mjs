import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, Customer, textsOf } from './actors.mjs'
import { until, withCenter } from './harness.mjs'

test('reloading both pages in the middle of a chat loses and doubles nothing', () =>
  withCenter({}, async (server, visitors) => {
    const amy = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.writes('one')
    await amy.offer.waitFor()
    await amy.accepts()
    await amy.writes('two')
    await customer.sees('two')
    await customer.writes('three')
    await amy.sees('three')

    await Promise.all([amy.page.reload(), customer.page.reload()])
    await customer.opens()
    await customer.sees('three')
    await amy.sees('three')
    await customer.writes('four')
    await amy.sees('four')
    await amy.writes('five')
    await customer.sees('five')

    const said = ['one', 'two', 'three', 'four', 'five']
    assert.deepEqual(await textsOf(amy.bubbles), said)
    assert.deepEqual((await textsOf(customer.bubbles)).slice(-5), said)
    assert.equal(await customer.bubbles.count(), said.length + 1, 'the greeting and five messages')
    assert.equal(await amy.workItems.count(), 1)
    await amy.ends()
    await amy.page.reload()
    await amy.wrapUp.waitFor()
    await amy.wrapsUp()
    await until('the work list is empty', async () => (await amy.workItems.count()) === 0)
  }))
