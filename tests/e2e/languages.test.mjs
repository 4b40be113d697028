import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Agent, Customer } from './actors.mjs'
import { until, withCenter } from './harness.mjs'

// A key that was never translated shows as its own name, such as "offer.accept".
const keyLike = /\b(common|tools|connection|session|presence|activity|channel|state|work|offer|empty|chat|call|wrapUp|customer|ticket|history|order|note|board|error)\.[a-z]\w+/i
async function readsWell(page, language, words) {
  assert.equal(await page.locator('html').getAttribute('lang'), language)
  for (const word of words) await page.getByText(word, { exact: true }).first().waitFor()
  const text = await page.locator('body').innerText()
  assert.doesNotMatch(text, keyLike)
  assert.doesNotMatch(text, /undefined|NaN|\[object/)
}
async function togglesTheme(page) {
  const isDark = () => page.evaluate(() => document.documentElement.classList.contains('dark'))
  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  assert.equal(await isDark(), false)
  const light = await colour()
  await page.getByRole('button', { name: /Dark theme|深色/ }).click()
  await until('the page is dark', async () => (await isDark()) && (await colour()) !== light)
  await page.getByRole('button', { name: /Light theme|浅色/ }).click()
  await until('the page is light again', async () => !(await isDark()) && (await colour()) === light)
}
const other = (page) => page.locator('button', { hasText: /^(中文|EN)$/ }).first().click()

test('console, board and widget in English and Chinese, light and dark', () =>
  withCenter({}, async (server, visitors) => {
    const amy = await Agent.comes(visitors)
    await readsWell(amy.page, 'en', ['Available', 'You are ready', 'Find a customer'])
    await togglesTheme(amy.page)
    await other(amy.page)
    await readsWell(amy.page, 'zh-CN', ['在线', '查找客户'])
    await togglesTheme(amy.page)

    const sun = await Agent.comes(visitors, { login: 'sun', path: '/supervisor', locale: 'zh-CN' })
    await sun.page.locator('.board-table').first().waitFor()
    await readsWell(sun.page, 'zh-CN', ['售前咨询', '售后服务'])
    await togglesTheme(sun.page)
    await other(sun.page)
    await readsWell(sun.page, 'en', ['Waiting now', 'Agents', 'Sales', 'Support', 'Service level'])

    const customer = await Customer.comes(visitors)
    const host = customer.page.locator('div:has(> button.launch), body > div').last()
    assert.equal(await host.getAttribute('lang'), 'en')
    assert.equal(await customer.field.getAttribute('placeholder'), 'Write a message')
    await customer.page.locator('#language').click()
    await until('the widget speaks Chinese', async () => (await customer.field.getAttribute('placeholder')) === '输入消息')
    assert.equal(await host.getAttribute('lang'), 'zh-CN')
    await customer.page.getByText('您好！请问有什么可以帮您？').waitFor()
    await customer.writes('你好')
    await amy.offer.waitFor()
    await amy.offer.getByText('接入').waitFor()
    await amy.accepts()
    await customer.page.getByText('Amy Chen 正在为您服务').waitFor()
    await readsWell(amy.page, 'zh-CN', ['你好'])

    const dark = await Customer.comes(visitors, { colorScheme: 'dark', locale: 'zh-CN', path: '/demo-shop?language=zh' })
    await until('the widget is dark', () => dark.page.evaluate(() => [...document.body.children].some((element) => element.shadowRoot && element.hasAttribute('dark'))))
  }))
