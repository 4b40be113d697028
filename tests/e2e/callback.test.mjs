// Calling customers back: asked for in the chat, agreed by an agent, called off and taken back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, Customer } from './actors.mjs'
import { until, withCenter } from './harness.mjs'
import { Provider } from './provider.mjs'

const offeredAlways = (text) => text.replace('[callbacks]', '[callbacks]\nalways_offered = true')

test('a visitor who waits asks for a call, gets it, and the agent sees how it stands', () =>
  withCenter({ edit: offeredAlways }, async (server, visitors) => {
    const provider = await Provider.start(server)
    try {
      const customer = await Customer.comes(visitors)
      await customer.writes('My kettle leaks')
      await customer.delivered('My kettle leaks')
      await customer.page.getByRole('button', { name: 'Call me back instead' }).click()
      const number = customer.page.getByPlaceholder('Your phone number')
      await number.fill('12')
      await customer.page.getByRole('button', { name: 'Call me', exact: true }).click()
      await customer.page.locator('.panel [role=alert]', { hasText: 'This number cannot be called' }).waitFor()
      await number.fill('+1 415 555 2671')
      await customer.page.getByRole('button', { name: 'Call me', exact: true }).click()
      const agreed = customer.page.locator('.panel .note', { hasText: 'We will call you at +14155552671 as soon as somebody is free.' })
      await agreed.waitFor()
      await customer.page.reload()
      await customer.opens()
      await agreed.waitFor()

      const amy = await Agent.comes(visitors)
      await amy.offer.waitFor()
      assert.match(await amy.offer.innerText(), /Phone for .*Callback/s)
      assert.match(await amy.offer.innerText(), /My kettle leaks/)
      await amy.accepts()
      const call = await until('the customer is called', () => provider.outgoing[0])
      assert.equal(call.to, '+14155552671')
      await amy.workItems.locator('.badge', { hasText: 'Calling 1/3' }).waitFor()
      await amy.page.locator('.call .status', { hasText: 'Calling the customer' }).waitFor()
      await until('the phone rings', () => call.status === 'ringing')
      await provider.answerCall(call)
      await amy.page.locator('.call .status', { hasText: 'Connected' }).waitFor()
      await amy.page.locator('.head .badge', { hasText: 'Callback 1/3' }).waitFor()
      await amy.ends()
      await amy.wrapsUp()
      const { total } = await server.get('/api/callbacks')
      assert.equal(total, 0)
    } finally {
      await provider.stop()
    }
    assert.deepEqual(provider.failures, [])
  }))

test('an agent agrees a time, calls it off, takes that back, and calls it off for good', () =>
  withCenter({}, async (server, visitors) => {
    visitors.excuse(/400/)
    const amy = await Agent.comes(visitors)
    const customer = await Customer.comes(visitors)
    await customer.writes('Could you explain the invoice tomorrow?')
    await amy.offer.waitFor()
    await amy.accepts()
    await amy.sees('Could you explain the invoice tomorrow?')
    await amy.page.keyboard.press('Alt+b')
    const dialog = amy.page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'At a time' }).click()
    await dialog.getByLabel('Number').fill('+12345')
    await dialog.getByLabel("Customer's time zone").fill('Mars/Base')
    const go = dialog.getByRole('button', { name: 'Agree callback' })
    await go.click()
    await dialog.getByRole('alert').filter({ hasText: 'This is not a time zone' }).waitFor()
    await dialog.getByLabel("Customer's time zone").fill('Asia/Tokyo')
    const tomorrow = new Date(Date.now() + 33 * 3_600_000).toISOString().slice(0, 11) + '15:30' // the day after there
    await dialog.getByLabel('Time there').fill(tomorrow)
    await dialog.getByLabel('Attempts').selectOption('2')
    await dialog.getByLabel('Note', { exact: true }).fill('Invoice')
    await go.click()
    await dialog.getByRole('alert').filter({ hasText: 'This is not a number that can be called' }).waitFor()
    await dialog.getByLabel('Number').fill('+81 3 1234 5678')
    await go.click()
    await amy.page.getByText('The customer will be called from').waitFor()
    await dialog.waitFor({ state: 'hidden' })
    const { callbacks } = await server.get('/api/callbacks')
    assert.equal(callbacks.length, 1)
    assert.equal(callbacks[0].due_ms, Date.parse(`${tomorrow}:00+09:00`))
    assert.equal(callbacks[0].attempts_max, 2)
    const row = amy.panel.locator('.callback-row')
    await row.filter({ hasText: 'Invoice' }).waitFor()

    await row.getByRole('button', { name: /^Call off/ }).click()
    await row.waitFor({ state: 'detached' })
    await amy.page.getByRole('button', { name: 'Undo' }).click()
    await row.waitFor()
    assert.equal((await server.get('/api/callbacks')).total, 1, 'nothing was said to the server')
    await amy.page.getByRole('button', { name: 'Callbacks', exact: true }).click()
    await dialog.locator('.callback-row').getByRole('button', { name: /^Call off/ }).click()
    await until('the callback is called off', async () => (await server.get('/api/callbacks')).total === 0)
    await dialog.getByText('No callback is open.').waitFor()
  }))

// One of the demo's customers, with the number they call from.
async function withNumber(server) {
  const known = await until('somebody with a number', async () => {
    const { customers } = await server.get('/api/customers?q=%2B1201555')
    return customers?.find((one) => one.contacts?.some((contact) => contact.kind === 'phone'))
  })
  return { ...known, number: known.contacts.find((contact) => contact.kind === 'phone').value }
}

test('from a row of what waits, agent and supervisor agree a call to who wrote', () =>
  withCenter({}, async (server, visitors) => {
    const known = await withNumber(server)
    const amy = await Agent.comes(visitors, { available: false })
    const response = await fetch(`${server.base}/api/interactions`, {
      method: 'POST',
      headers: { ...server.asProgram, 'Content-Type': 'application/json' },
      body: JSON.stringify({ channel: 'chat', queue: 'support', customer: known.customer, text: 'The lid is dented' }),
    })
    assert.equal(response.status, 201)
    const row = amy.page.locator('.waiting article', { hasText: 'The lid is dented' })
    const button = row.getByRole('button', { name: `Call ${known.name} back` })
    await button.focus()
    await button.press('Enter')
    const dialog = amy.page.getByRole('dialog')
    await dialog.getByText('The contact itself stays in its queue.').waitFor()
    assert.equal(await dialog.getByLabel('Number').inputValue(), known.number)
    assert.equal(await dialog.getByLabel('Note', { exact: true }).inputValue(), 'The lid is dented')
    await dialog.getByRole('button', { name: 'Agree callback' }).click()
    await dialog.waitFor({ state: 'hidden' })
    const { callbacks } = await server.get('/api/callbacks')
    assert.deepEqual(callbacks.map((one) => [one.customer, one.preview]), [[known.customer, 'The lid is dented']])
    await row.nth(1).waitFor()
    assert.equal(await amy.page.getByRole('button', { name: /^Call .+ back$/ }).count(), 1, 'what is a callback already is not called back again')

    const sun = await Agent.comes(visitors, { login: 'sun', path: '/supervisor', locale: 'zh-CN' })
    await sun.page.locator('.row-link', { hasText: '售后服务' }).click()
    await sun.page.getByRole('button', { name: `回拨 ${known.name}` }).click()
    const chinese = sun.page.getByRole('dialog', { name: `回拨 ${known.name}` })
    await chinese.getByText('此联系本身仍在队列中等待。').waitFor()
    await chinese.getByRole('button', { name: '约定回拨' }).click()
    await chinese.waitFor({ state: 'hidden' })
    assert.equal((await server.get('/api/callbacks')).total, 2)
  }))

test('who waits on the line is told, let go, and called back in their place', () =>
  withCenter({}, async (server, visitors) => {
    const provider = await Provider.start(server)
    try {
      const known = await withNumber(server)
      const amy = await Agent.comes(visitors, { available: false })
      const caller = await provider.callIn(known.number, '+14155550100')
      await provider.press(caller, '2')
      assert.match(caller.waiting, /<Play>/)
      const row = amy.page.locator('.waiting article', { hasText: known.name })
      await row.getByRole('button', { name: `Call ${known.name} back` }).click()
      const dialog = amy.page.getByRole('dialog', { name: `Call ${known.name} back` })
      await dialog.getByText('The caller is told now, the line ends, and we call the number they called from.').waitFor()
      assert.equal(await dialog.getByLabel('Number').count(), 0, 'the number is the one they called from')
      await dialog.getByRole('radio', { name: 'At a time' }).click()
      await dialog.getByLabel("Customer's time zone").fill('Mars/Base')
      await dialog.getByRole('button', { name: 'Agree callback' }).click()
      await dialog.getByRole('alert').filter({ hasText: 'This is not a time zone' }).waitFor()
      assert.equal(caller.status, 'in-progress', 'what was refused changes nothing')
      await dialog.getByRole('radio', { name: 'Now' }).click()
      await dialog.getByText('the place in the queue is kept').waitFor()
      assert.equal(await dialog.getByRole('alert').count(), 0, 'there is no time any more that could be wrong')
      await dialog.getByRole('button', { name: 'Agree callback' }).click()
      await dialog.waitFor({ state: 'hidden' })
      await until('the line has ended', () => caller.status === 'completed')
      assert.match(caller.heard, /<Say[^>]*>[^<]+<\/Say>\s*<Hangup\s*\/>/)
      await row.getByRole('button', { name: /^Call .+ back$/ }).waitFor({ state: 'detached' }) // it is a callback already
      await row.waitFor()
      const { callbacks } = await server.get('/api/callbacks')
      assert.deepEqual(callbacks.map((one) => one.customer), [known.customer])

      await amy.becomesAvailable()
      await amy.offer.waitFor()
      assert.match(await amy.offer.innerText(), new RegExp(known.name))
      await amy.accepts()
      const call = await until('the customer is called', () => provider.outgoing[0])
      assert.equal(call.to, known.number)
      await until('the phone rings', () => call.status === 'ringing')
      await provider.answerCall(call)
      await amy.page.locator('.call .status', { hasText: 'Connected' }).waitFor()
      await amy.ends()
      await amy.wrapsUp()
      assert.equal((await server.get('/api/callbacks')).total, 0)
    } finally {
      await provider.stop()
    }
    assert.deepEqual(provider.failures, [])
  }))
