// Takes the pictures of docs/images/ from the running program: node screenshots.mjs [console] [chinese] [board] [explain] [planner]
import { createHmac } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, Customer } from './actors.mjs'
import { closeBrowser, until, withCenter } from './harness.mjs'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const images = join(root, 'docs/images')
const customersBinary = resolve(root, process.env.SB_CUSTOMERS ?? 'build/release/bench/customers/switchboard-customers')
const kRobotsMs = 60_000
const kRecordsMs = 90_000 // 400 customers with their history, on a busy machine

const base64 = (text) => Buffer.from(text).toString('base64url')
function identityToken(profile) {
  const email = profile.contacts.find((contact) => contact.kind === 'email')?.value
  const claims = { sub: `shop-${profile.customer}`, name: profile.name, ...(email ? { email } : {}), exp: Math.floor(Date.now() / 1000) + 3600 }
  const text = `${base64('{"alg":"HS256","typ":"JWT"}')}.${base64(JSON.stringify(claims))}`
  return `${text}.${createHmac('sha256', 'demo-identity-secret').update(text).digest('base64url')}`
}

async function richest(server, language, but = 0) {
  await until('the records have all customers', async () => (await fetch(`${server.base}/api/customers/300`, { headers: server.asProgram })).ok, kRecordsMs)
  let best = null
  for (let id = 1; id <= 120; ++id) {
    const found = await server.get(`/api/customers/${id}`)
    if (id === but || found.language !== language || !found.contacts?.some((contact) => contact.kind === 'email')) continue
    const worth = (found.tier ?? 0) * 4 + Math.min(3, found.orders?.length ?? 0) * 2 + (found.notes?.length ?? 0) * 2 + (found.tags?.length ?? 0) + (found.tickets?.length ?? 0) + (found.interactions?.length ?? 0)
    if (!best || worth > best.worth) best = { ...found, worth }
  }
  return best
}
async function known(visitors, profile, options) {
  const customer = await Customer.comes(visitors, options)
  await customer.page.evaluate((token) => window.Switchboard.identify(token), identityToken(profile))
  await customer.page.locator('.panel .who').waitFor({ state: 'hidden' })
  return customer
}
async function talk(agent, customer, lines) {
  for (const line of lines) {
    const [from, to] = line.startsWith('> ') ? [agent, customer] : [customer, agent]
    const text = line.replace(/^> /, '')
    await from.writes(text)
    await to.sees(text)
  }
}
async function shoot(page, name) {
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled' })
}

async function english(server, visitors) {
  const first = await richest(server, 'en')
  const amy = await Agent.comes(visitors, { permissions: ['notifications'] })
  const customer = await known(visitors, first)
  await customer.writes('Hello! The kettle from my last order arrived with a dent in the lid.')
  await amy.offer.waitFor()
  await amy.accepts()
  await talk(amy, customer, [
    `> Hello ${first.name.split(' ')[0]}, I am sorry to hear that. I have your order ${first.orders?.[0]?.number ?? ''} in front of me.`,
    'That is the one. It still pours well, but it was meant as a present.',
    '> Then it should look like one. I can send a new lid today, or a whole new kettle on Thursday. Which is better for you?',
    'The lid today would be perfect, the birthday is on Saturday.',
    '> Done: it leaves our workshop this afternoon, and you need not send the old one back.',
    'Wonderful, thank you. Could you add a small tin of oolong as well?',
  ])
  const second = await known(visitors, await richest(server, 'en', first.customer))
  await second.writes('Can I still change the address of my order?')
  await amy.offer.waitFor()
  await amy.page.evaluate(() => document.activeElement?.blur())
  await shoot(amy.page, 'console')
  await shoot(customer.page, 'widget')
}

async function chinese(server, visitors) {
  const profile = await richest(server, 'zh')
  const chen = await Agent.comes(visitors, { login: 'chen', locale: 'zh-CN', colorScheme: 'dark', permissions: ['notifications'] })
  const customer = await known(visitors, profile, { locale: 'zh-CN', path: '/demo-shop?language=zh' })
  await customer.writes('您好，上次买的茶壶盖子磕了一下，可以换吗？')
  await chen.offer.waitFor()
  await chen.accepts()
  await talk(chen, customer, [
    `> ${profile.name}您好，很抱歉给您带来不便，我已经看到订单 ${profile.orders?.[0]?.number ?? ''}。`,
    '是的，就是这一单，本来是准备送人的。',
    '> 明白了。今天下午就给您补发一个新壶盖，旧的不用寄回。',
    '太好了！周六之前能到吗？',
    '> 可以，预计周四送达，发货后会短信通知您。',
  ])
  const second = await Customer.comes(visitors, { locale: 'zh-CN', path: '/demo-shop?language=zh' })
  await second.writes('请问明前龙井还有货吗？')
  await chen.offer.waitFor()
  await shoot(chen.page, 'console-zh-dark')
}

async function board(server, visitors) {
  const sun = await Agent.comes(visitors, { login: 'sun', path: '/supervisor' })
  const customers = spawn(customersBinary, ['demo', '--config', server.config, '--robots', 'amy,ben,chen,dana,fang,gao,hugo', '--rate', '45', '--pace', '0.5', '--minutes', '3'], { cwd: root, stdio: 'ignore' })
  try {
    await new Promise((next) => setTimeout(next, kRobotsMs))
    await shoot(sun.page, 'supervisor')
  } finally {
    customers.kill('SIGTERM')
  }
}

async function explain(server, visitors) {
  const profile = await richest(server, 'en')
  const dana = await Agent.comes(visitors, { login: 'dana' })
  const fang = await Agent.comes(visitors, { login: 'fang' })
  await Agent.comes(visitors, { login: 'amy', available: null })
  const response = await fetch(`${server.base}/api/interactions`, {
    method: 'POST',
    headers: { ...server.asProgram, 'Content-Type': 'application/json' },
    body: JSON.stringify({ channel: 'chat', queue: 'billing', customer: profile.customer, text: 'The invoice has the wrong address.', prefer: ['en'] }),
  })
  const { interaction } = await response.json()
  // Better English goes before better billing, until Dana has no time.
  await dana.offer.waitFor()
  await dana.page.keyboard.press('Alt+d')
  await dana.page.locator('.reasons .chip').first().click()
  await fang.offer.waitFor()
  await fang.accepts()
  await fang.writes('Good morning, I am looking at your invoice now.')
  await fang.sees('Good morning')
  const sun = await Agent.comes(visitors, { login: 'sun', path: `/explain?id=${interaction}` })
  await sun.page.locator('.step.offer').nth(1).waitFor()
  await sun.page.locator('.toggle').last().click()
  await sun.page.locator('.case tbody tr').first().waitFor()
  await shoot(sun.page, 'explain')
}

async function planner(server, visitors) {
  const sun = await Agent.comes(visitors, { login: 'sun', path: '/planner' })
  await sun.page.getByRole('button', { name: 'Compute agents' }).click()
  await sun.page.locator('.plot canvas').nth(2).waitFor({ timeout: 60_000 })
  await shoot(sun.page, 'planner')
}

const wanted = process.argv.slice(2)
const scenes = { console: english, chinese, board, explain, planner }
await mkdir(images, { recursive: true })
for (const [name, scene] of Object.entries(scenes)) {
  if (wanted.length === 0 || wanted.includes(name)) await withCenter({ customers: 400 }, scene)
}
await closeBrowser()
