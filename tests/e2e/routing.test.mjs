// What routing can do, in the browser: picking waiting work, the reasons of decisions, and plans.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent } from './actors.mjs'
import { until, withCenter } from './harness.mjs'

async function starts(server, body) {
  const response = await fetch(`${server.base}/api/interactions`, { method: 'POST', headers: { ...server.asProgram, 'Content-Type': 'application/json' }, body: JSON.stringify({ channel: 'chat', queue: 'support', ...body }) })
  const text = await response.text()
  assert.equal(response.status, 201, text)
  return JSON.parse(text).interaction
}
const waits = (agent, text) => agent.page.locator('.waiting article', { hasText: text })
const keyLike = /\b(explain|planner|waiting|live|liveState|policy|order_rule)\.[a-z]\w+/i
async function readsWell(page) {
  const text = await page.locator('body').innerText()
  assert.doesNotMatch(text, keyLike)
  assert.doesNotMatch(text, /undefined|NaN|\[object/)
}

test('an agent picks what waits, by button and by key, and is told why not', () =>
  withCenter({}, async (server, visitors) => {
    const amy = await Agent.comes(visitors, { available: false })
    await amy.page.getByText('Nobody waits in your queues.').waitFor()
    await starts(server, { text: 'My kettle hums in B flat' })
    await starts(server, { text: 'Rechnung bitte', skills: { billing: 50 } })
    await starts(server, { text: 'Where is my parcel?' })
    await waits(amy, 'My kettle hums').waitFor()
    await waits(amy, 'No. 3 in Support').waitFor()
    assert.equal(await waits(amy, 'Rechnung').getByRole('button', { name: /^Take / }).count(), 0)
    await waits(amy, 'Rechnung').getByText('Other skills').waitFor()

    await waits(amy, 'Where is my parcel?').getByRole('button', { name: /^Take / }).click()
    await amy.sees('Where is my parcel?')
    await waits(amy, 'Where is my parcel?').waitFor({ state: 'detached' })
    assert.equal(await amy.offer.count(), 0, 'what is picked is not offered first')

    await amy.page.keyboard.press('Alt+g')
    await amy.sees('My kettle hums in B flat')
    await until('only what amy cannot do still waits', async () => (await amy.page.locator('.waiting article').count()) === 1)

    // Two chats and one more fill the agent's three places; the next is refused in words.
    await starts(server, { text: 'Third' })
    await waits(amy, 'Third').getByRole('button', { name: /^Take / }).click()
    await amy.sees('Third')
    await starts(server, { text: 'Fourth' })
    await waits(amy, 'Fourth').getByRole('button', { name: /^Take / }).click()
    await amy.page.getByText('You have no room for it right now').waitFor()
    await readsWell(amy.page)

    const chen = await Agent.comes(visitors, { login: 'chen', available: false, locale: 'zh-CN' })
    assert.equal(await chen.page.locator('#waiting-heading').count(), 0, 'none of the queues of chen lets agents pick')
  }))

test('every decision is explained, in both languages, to those it concerns', () =>
  withCenter({}, async (server, visitors) => {
    visitors.excuse(/40[34]/)
    const amy = await Agent.comes(visitors)
    const id = await starts(server, { queue: 'sales', text: 'Which oolong is the mildest?', prefer: ['zh'], exclude: ['hugo'] })
    await amy.offer.waitFor()
    await amy.accepts()
    const [page] = await Promise.all([amy.context.waitForEvent('page'), amy.page.getByRole('link', { name: 'Why?' }).click()])
    await page.waitForURL(`${server.base}/explain?id=${id}`)
    await page.locator('.step.offer').getByText(/^Offered to Amy Chen/).waitFor()
    await page.locator('.case').getByText('Longest idle').waitFor()
    const row = (name) => page.locator('.case tbody tr', { hasText: name })
    await row('Amy Chen').getByText('Chosen').waitFor()
    await row('Hugo Martin').getByText(/excluded for this work/).waitFor()
    await readsWell(page)

    const sun = await Agent.comes(visitors, { login: 'sun', path: '/supervisor', locale: 'zh-CN' })
    await sun.page.locator('.page-bar .search input').fill(String(id))
    await sun.page.locator('.page-bar .search input').press('Enter')
    await sun.page.waitForURL(`${server.base}/explain?id=${id}`)
    await sun.page.locator('.case tbody tr', { hasText: 'Hugo Martin' }).getByText(/被排除/).waitFor()
    await sun.page.getByText('空闲最久优先').first().waitFor()
    await readsWell(sun.page)
    await sun.page.getByRole('searchbox').fill('99999')
    await sun.page.keyboard.press('Enter')
    await sun.page.getByText('没有编号为 99999 的联系').waitFor()

    const ben = await Agent.comes(visitors, { login: 'ben', path: `/explain?id=${id}` })
    await ben.page.getByText('Not your work').waitFor()
  }))

test('the board shows who waits and what agents do, and leads to the reasons', () =>
  withCenter({}, async (server, visitors) => {
    const id = await starts(server, { text: 'Is anybody there?' })
    const sun = await Agent.comes(visitors, { login: 'sun', path: '/supervisor' })
    await sun.page.locator('.row-link', { hasText: 'Support' }).click()
    const drawer = sun.page.getByRole('dialog')
    await drawer.getByText('Is anybody there?').waitFor()
    assert.equal(await drawer.getByRole('link').getAttribute('href'), `/explain?id=${id}`)
    await sun.page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })

    const amy = await Agent.comes(visitors)
    await amy.offer.waitFor()
    await amy.accepts()
    await sun.page.locator('.row-link', { hasText: 'Amy Chen' }).click()
    await drawer.getByText('Connected · Support').waitFor()
    await drawer.getByRole('link').click()
    await sun.page.locator('.step.offer').waitFor()
  }))

test('a supervisor plans the staff of a day and simulates a center', () =>
  withCenter({}, async (server, visitors) => {
    visitors.excuse(/40[09]|422/)
    const sun = await Agent.comes(visitors, { login: 'sun', path: '/planner' })
    const page = sun.page
    await page.getByRole('button', { name: 'Compute agents' }).click()
    await page.getByText('Agents per interval').waitFor({ timeout: 60_000 })
    await page.locator('.plot canvas').first().waitFor()
    const rows = page.locator('.numbers').first().locator('tbody tr')
    assert.equal(await rows.count(), 20)
    const agents = Number(await rows.nth(5).locator('td').nth(2).innerText())
    assert.ok(agents >= 9 && agents <= 14, `128 contacts an hour of 4 minutes each make 8.5 erlangs; planned ${agents}`)
    await readsWell(page)

    await page.getByLabel('Handle time').first().fill('-5')
    await page.getByText('From 1 to 86,400').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Compute agents' }).isDisabled(), true)

    await page.getByRole('tab', { name: 'Simulation' }).click()
    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.locator('#panel-simulation .numbers tbody tr').first().waitFor({ timeout: 60_000 })
    assert.match(await page.locator('#panel-simulation .numbers').innerText(), /Service level\s+\d+\.\d%/)
    await readsWell(page)

    await page.getByRole('button', { name: '中文' }).click()
    await page.getByText('各时段客服人数').waitFor({ state: 'attached' })
    await readsWell(page)

    const ben = await Agent.comes(visitors, { login: 'ben', path: '/planner' })
    await ben.page.getByText('Your account does not plan').waitFor()
  }))

test('a supervisor plays the recorded day again with other staff', () =>
  withCenter({}, async (server, visitors) => {
    visitors.excuse(/40[09]|422/)
    const sun = await Agent.comes(visitors, { login: 'sun', path: '/planner' })
    const page = sun.page
    const panel = page.locator('#panel-whatif')
    await page.getByRole('tab', { name: 'What if' }).click()
    await page.getByText('What would have happened?').waitFor()
    const compare = panel.getByRole('button', { name: 'Compare' })
    assert.equal(await compare.isDisabled(), true, 'nothing changes yet')
    await panel.getByText('Nothing changes yet').waitFor()

    // Nobody came yet.
    // As the field writes it: without seconds that are zero.
    const local = (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace(/:00$/, '')
    const support = panel.getByRole('group', { name: 'Support' })
    await support.getByLabel('Agents ±').fill('2')
    await compare.click()
    await panel.getByText('There is nothing to play again in this time').waitFor({ timeout: 60_000 })
    await readsWell(page)

    const amy = await Agent.comes(visitors)
    for (const text of ['First', 'Second', 'Third']) {
      await starts(server, { text })
      await amy.offer.waitFor()
      await amy.accepts()
      await amy.sees(text)
      await amy.ends()
      await amy.wrapsUp()
    }
    // The interval may not end in the future, and ends before the second it names.
    const end = Math.ceil(Date.now() / 1000) * 1000
    await until('the second is over', () => Date.now() > end)
    await panel.getByLabel('From', { exact: true }).fill(local(end - 3_600_000))
    await panel.getByLabel('Until', { exact: true }).fill(local(end))
    await compare.click()
    const rows = panel.locator('.numbers tbody tr')
    await rows.first().waitFor({ timeout: 60_000 })
    assert.match(await rows.first().innerText(), /^Offered\s+3\s+3/)
    await panel.locator('.plot canvas').nth(1).waitFor()
    await panel.getByText('3 arrivals come when they came', { exact: false }).waitFor()
    await readsWell(page)

    // With other rules, beginning with those in force.
    await support.getByLabel('Agents ±').fill('0')
    await panel.getByRole('combobox', { name: 'Flow' }).selectOption('Other rules')
    assert.equal(await compare.isDisabled(), true, 'no rules are written yet')
    await panel.getByRole('button', { name: 'Take those in force' }).click()
    const rules = panel.getByRole('textbox', { name: 'Rules' })
    await until('the rules in force are there', async () => /name = "our best customers"/.test(await rules.inputValue()))
    const toSales = (queue) => `[[flow]]\nname = "support to sales"\nall = [ { queue = "support" } ]\nthen = { queue = "${queue}" }\n`
    await rules.fill(toSales('nowhere'))
    await compare.click()
    await panel.getByText('Line 4: there is no queue "nowhere"').waitFor({ timeout: 60_000 })
    assert.equal(await rules.getAttribute('aria-invalid'), 'true')
    const marked = await rules.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd))
    assert.equal(marked, 'then = { queue = "nowhere" }')
    await rules.fill(toSales('sales'))
    assert.equal(await rules.getAttribute('aria-invalid'), 'false', 'what was wrong is gone')
    await compare.click()
    await panel.getByText('asks the changed flow about 3 arrivals', { exact: false }).waitFor({ timeout: 60_000 })
    await panel.getByText('Patience in Support (chat)', { exact: false }).waitFor()
    await panel.locator('.numbers select').selectOption('Sales')
    assert.match(await rows.first().innerText(), /^Offered\s+0\s+0\s+(±0\s+)?3/)
    await panel.locator('.numbers select').selectOption('All')
    await readsWell(page)

    await panel.getByLabel('Until', { exact: true }).fill(local(end - 7_200_000))
    await panel.getByText('Until must be later than from').waitFor()
    assert.equal(await compare.isDisabled(), true)

    await page.getByRole('tab', { name: 'What if' }).focus()
    await page.keyboard.press('ArrowLeft')
    await page.locator('#panel-simulation').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: '中文' }).click()
    await panel.getByText('结果所依据的假设').waitFor()
    await panel.getByText('3 次到达在每次重复中', { exact: false }).waitFor()
    await readsWell(page)
  }))
