// Pictures of every page for looking at: node dev/shots.mjs FOLDER [name part]. Needs `npm run build`; starts its own mock.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = process.argv[2] ?? 'shots'
const only = process.argv[3] ?? ''
const port = 8191
const base = `http://127.0.0.1:${port}`
mkdirSync(folder, { recursive: true })

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
const post = (path) => fetch(`${base}/mock/${path}`, { method: 'POST' })

async function withMock(run) {
  const mock = spawn('node', [fileURLToPath(new URL('mock.mjs', import.meta.url))], { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((done) => mock.stdout.once('data', done))
  try {
    await run()
  } finally {
    mock.kill()
    await new Promise((done) => mock.once('exit', done))
  }
}

async function open({ size = [1440, 900], language = 'en', theme = 'light', login = 'lin', path = '/agent' }) {
  const context = await browser.newContext({ viewport: { width: size[0], height: size[1] }, colorScheme: theme, locale: language, reducedMotion: 'reduce' })
  await context.addInitScript((value) => localStorage.setItem('sb.language', value), language === 'zh-CN' ? 'zh-CN' : 'en')
  await context.addInitScript(() => {
    const wave = (queue) => Array.from({ length: 170 }, (_, at) => ({ at: Date.now() - (170 - at) * 5000, waiting: Math.max(0, Math.round(3 + 3 * Math.sin(at / 14 + queue) + 2 * Math.sin(at / 5))) }))
    sessionStorage.setItem('sb.trend', JSON.stringify([0, 1, 2, 3, 4].map((queue) => [queue, wave(queue)])))
  })
  const page = await context.newPage()
  page.on('console', (line) => ['error', 'warning'].includes(line.type()) && console.log(`  ${line.type()}: ${line.text()}`))
  page.on('pageerror', (error) => console.log(`  page error: ${error.message}`))
  if (login) {
    await context.request.post(`${base}/api/session`, { data: { login, password: 'switchboard' }, headers: { 'X-Switchboard': '1' } })
  }
  await page.goto(base + path)
  await page.waitForTimeout(500)
  return page
}

async function begin(page, text, wait) {
  await page.locator('.launch').click()
  await page.locator('textarea').fill(text)
  await page.keyboard.press('Enter')
  await page.waitForTimeout(wait)
}
// An agent takes the chat in a second tab.
async function converse(page) {
  const agent = await page.context().newPage()
  await agent.goto(`${base}/agent`)
  await agent.waitForTimeout(800)
  await agent.keyboard.press('Alt+a')
  await agent.waitForTimeout(500)
  await agent.getByPlaceholder(/Reply to/).fill('Hello! Yes, 62 boxes are in the Hangzhou warehouse.\nSee https://shop.example/longjing for the grades.')
  await agent.keyboard.press('Enter')
  await agent.waitForTimeout(400)
  await page.locator('textarea').fill('Great, I take two')
  await page.keyboard.press('Enter')
  await page.locator('input[type=file]').setInputFiles({ name: 'tin.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') })
  await page.waitForTimeout(700)
  await agent.getByPlaceholder(/Reply to/).pressSequentially('One mom')
  await page.waitForTimeout(300)
  return agent
}

const shots = {
  'agent-chat': [{}],
  'agent-chat-zh-dark': [{ language: 'zh-CN', theme: 'dark' }],
  'agent-chat-tablet': [{ size: [1024, 768] }],
  'agent-chat-tablet-zh': [{ size: [1024, 768], language: 'zh-CN' }, async (page) => { await page.keyboard.press('Alt+c'); await page.waitForTimeout(400) }],
  'agent-offer': [{}, async (page) => { await post('offer?channel=chat'); await page.waitForTimeout(900) }],
  'agent-offer-zh-dark': [{ language: 'zh-CN', theme: 'dark' }, async (page) => { await post('offer?channel=phone'); await page.waitForTimeout(700); await page.keyboard.press('Alt+1'); await page.waitForTimeout(500) }],
  'agent-decline': [{ size: [1280, 800] }, async (page) => { await post('offer?channel=phone'); await page.waitForTimeout(500); await page.keyboard.press('Alt+d'); await page.waitForTimeout(500) }],
  'agent-call': [{}, async (page) => { await post('offer?channel=phone'); await page.waitForTimeout(500); await page.keyboard.press('Alt+a'); await page.waitForTimeout(3600) }],
  'agent-call-held-zh': [{ language: 'zh-CN', size: [1280, 800] }, async (page) => { await post('offer?channel=phone'); await page.waitForTimeout(500); await page.keyboard.press('Alt+a'); await page.waitForTimeout(1800); await page.keyboard.press('Alt+h'); await page.keyboard.press('Alt+e'); await page.waitForTimeout(500) }],
  'agent-unknown': [{}, async (page) => { await post('unknown'); await page.waitForTimeout(500); await page.keyboard.press('Alt+a'); await page.waitForTimeout(1800) }],
  'agent-wrapup': [{}, async (page) => { await page.keyboard.press('Alt+3'); await page.waitForTimeout(400) }],
  'agent-wrapup-zh-dark': [{ language: 'zh-CN', theme: 'dark' }, async (page) => { await page.keyboard.press('Alt+3'); await page.waitForTimeout(400) }],
  'agent-transfer': [{}, async (page) => { await page.keyboard.press('Alt+t'); await page.waitForTimeout(500) }],
  'agent-transfer-dark-zh': [{ theme: 'dark', language: 'zh-CN' }, async (page) => { await page.keyboard.press('Alt+t'); await page.waitForTimeout(500) }],
  'agent-help': [{}, async (page) => { await page.evaluate(() => document.activeElement.blur()); await page.keyboard.press('?'); await page.waitForTimeout(500) }],
  'agent-palette': [{}, async (page) => { await page.keyboard.press('Control+k'); await page.waitForTimeout(300); await page.keyboard.type('em'); await page.waitForTimeout(800) }],
  'agent-presence-zh': [{ language: 'zh-CN' }, async (page) => { await page.keyboard.press('Alt+p'); await page.waitForTimeout(500) }],
  'agent-edit': [{}, async (page) => { await page.getByLabel('Edit profile').click(); await page.waitForTimeout(400) }],
  'agent-edit-dark': [{ theme: 'dark' }, async (page) => { await page.getByLabel('Edit profile').click(); await page.waitForTimeout(400) }],
  'agent-merge': [{}, async (page) => { await page.keyboard.press('Alt+2'); await page.getByLabel('Merge with another').click(); await page.getByRole('searchbox').fill('emma'); await page.waitForTimeout(700) }],
  'agent-ticket': [{}, async (page) => { await page.locator('.row').first().click(); await page.waitForTimeout(500) }],
  'agent-lost': [{}, async (page) => { await page.route('**/ws/**', (route) => route.abort()); await post('drop'); await page.waitForTimeout(300) }],
  'agent-consult': [{}, async (page) => { await page.keyboard.press('Alt+t'); await page.waitForTimeout(300); await page.getByText('Ask first').click(); await page.locator('.target', { hasText: '赵磊' }).click(); await page.getByRole('button', { name: 'Ask', exact: true }).click(); await page.waitForTimeout(3200) }],
  'agent-callback': [{}, async (page) => { await page.keyboard.press('Alt+b'); await page.getByRole('radio', { name: 'At a time' }).click(); await page.waitForTimeout(500) }],
  'agent-callback-zh-dark': [{ language: 'zh-CN', theme: 'dark' }, async (page) => { await page.keyboard.press('Alt+b'); await page.getByRole('radio', { name: '指定时间' }).click(); await page.getByLabel('号码').fill('12345'); await page.getByRole('button', { name: '约定回拨' }).click(); await page.waitForTimeout(600) }],
  'agent-callbacks': [{}, async (page) => { await page.getByLabel('Callbacks', { exact: true }).first().click(); await page.waitForTimeout(400); await page.getByRole('button', { name: /Call off/ }).last().click(); await page.waitForTimeout(500) }],
  'agent-callback-offer': [{}, async (page) => { await post('callback'); await page.waitForTimeout(900) }],
  'agent-callback-calling-zh': [{ language: 'zh-CN' }, async (page) => { await post('callback'); await page.waitForTimeout(500); await page.keyboard.press('Alt+a'); await page.waitForTimeout(500); await post('calling'); await page.waitForTimeout(400) }],
  'agent-parked': [{}, async (page) => { await post('parked'); await page.waitForTimeout(400) }],
  'shop-callback': [{ login: '', path: '/demo-shop' }, async (page) => { await begin(page, 'Hi, is the Longjing in stock?', 400); await page.getByRole('button', { name: 'Call me back instead' }).click(); await page.getByPlaceholder('Your phone number').fill('12'); await page.getByRole('button', { name: 'Call me', exact: true }).click(); await page.waitForTimeout(300); await page.screenshot({ path: `${folder}/shop-callback-bad.png` }); await page.getByPlaceholder('Your phone number').fill('+86 138 0013 8000'); await page.getByRole('button', { name: 'Call me', exact: true }).click(); await page.waitForTimeout(300) }],
  'shop-callback-zh-dark': [{ login: '', path: '/demo-shop?language=zh', language: 'zh-CN', theme: 'dark' }, async (page) => { await begin(page, '你好', 400); await page.getByRole('button', { name: '请给我回电' }).click(); await page.waitForTimeout(300) }],
  'agent-empty': [{ login: 'zhao' }],
  'agent-away-dark': [{ login: 'mei', theme: 'dark' }],
  supervisor: [{ login: 'mei', path: '/supervisor' }, (page) => page.waitForTimeout(12_000)],
  'supervisor-zh-dark': [{ login: 'mei', path: '/supervisor', language: 'zh-CN', theme: 'dark' }, (page) => page.waitForTimeout(6000)],
  'supervisor-tablet': [{ login: 'mei', path: '/supervisor', size: [1024, 768] }, (page) => page.waitForTimeout(6000)],
  'explain-empty': [{ login: 'mei', path: '/explain' }],
  'planner-zh': [{ login: 'mei', path: '/planner', language: 'zh-CN' }],
  'shop-closed': [{ login: '', path: '/demo-shop' }],
  'shop-open': [{ login: '', path: '/demo-shop' }, (page) => page.locator('.launch').click()],
  'shop-zh-queued': [{ login: '', path: '/demo-shop?language=zh', language: 'zh-CN' }, (page) => begin(page, '你好，龙井礼盒还有货吗？', 800)],
  'shop-dark-chat': [{ path: '/demo-shop', theme: 'dark' }, async (page) => { await begin(page, 'Hi, is the Longjing in stock?', 300); await converse(page) }],
  'shop-chat-agent': [{ path: '/demo-shop' }, async (page) => { await begin(page, 'Hi, is the Longjing in stock?', 300); await (await converse(page)).screenshot({ path: `${folder}/shop-agent-side.png` }); await post('drop'); await page.waitForTimeout(200) }],
  'shop-end': [{ path: '/demo-shop' }, async (page) => { await begin(page, 'Hi, is the Longjing in stock?', 300); await converse(page); await page.getByLabel('End chat').click() }],
  'shop-away': [{ login: '', path: '/demo-shop' }, async (page) => { await post('closed'); await page.reload(); await page.waitForTimeout(600); await page.locator('.launch').click(); await page.waitForTimeout(300); await page.screenshot({ path: `${folder}/shop-away-form.png` }); await page.getByPlaceholder('E-mail').fill('me@example.com'); await page.getByLabel('Write a message').fill('Please write me about wholesale prices.'); await page.keyboard.press('Enter'); await page.waitForTimeout(500) }],
  'shop-phone-zh-dark': [{ login: '', path: '/demo-shop?language=zh', language: 'zh-CN', theme: 'dark', size: [390, 780] }, (page) => begin(page, '你好', 500)],
  login: [{ login: '', path: '/login' }, async (page) => { await page.getByLabel('User name').fill('lin'); await page.getByLabel('Password').fill('nope'); await page.keyboard.press('Enter'); await page.waitForTimeout(500) }],
  'login-zh-dark': [{ login: '', path: '/login', language: 'zh-CN', theme: 'dark' }],
}

for (const [name, [options, act]] of Object.entries(shots)) {
  if (only && !name.includes(only)) continue
  console.log(name)
  await withMock(async () => {
    const page = await open(options)
    try {
      await act?.(page)
    } catch (error) {
      console.log(`  ${error.message.split('\n')[0]}`)
    }
    await page.screenshot({ path: `${folder}/${name}.png` })
    await page.context().close()
  })
}
await browser.close()
