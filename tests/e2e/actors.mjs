// The people of the tests: what an agent, a supervisor and a customer do and see on their pages.
import { until } from './harness.mjs'

export async function signIn(page, base, login, path) {
  // The language of the browser stays, instead of the account's.
  await page.addInitScript(() => {
    if (localStorage.getItem('sb.language') === null) localStorage.setItem('sb.language', navigator.language.startsWith('zh') ? 'zh-CN' : 'en')
  })
  await page.goto(`${base}/login?next=${encodeURIComponent(path)}`)
  await page.locator('#login').fill(login)
  await page.locator('#password').fill('demo')
  await page.locator('button[type=submit]').click()
  await page.waitForURL(base + path)
}

export class Agent {
  static async comes(visitors, { login = 'amy', path = '/agent', available = true, ...options } = {}) {
    const agent = new Agent()
    agent.context = await visitors.context(options)
    agent.page = await agent.context.newPage()
    await signIn(agent.page, visitors.server.base, login, path)
    if (path === '/agent') {
      await agent.page.locator('.desk main:not([aria-busy])').waitFor()
      if (available === true) await agent.becomesAvailable()
      if (available === false) await agent.goesAway() // null: as signing in leaves it
    }
    return agent
  }

  get presence() {
    return this.page.locator('button.presence')
  }
  get offer() {
    return this.page.locator('section.offer')
  }
  get composer() {
    return this.page.locator('.composer textarea')
  }
  get bubbles() {
    return this.page.locator('.bubble-row .bubble')
  }
  get workItems() {
    return this.page.locator('nav.list button.item:not(.offer)')
  }
  get panel() {
    return this.page.locator('aside.side')
  }
  get wrapUp() {
    return this.page.locator('form.wrap')
  }

  async becomesAvailable() {
    const dot = this.presence.locator('.dot.available')
    const go = this.page.locator('main .btn.go')
    await dot.or(go).first().waitFor()
    if (await go.isVisible()) await go.click()
    await dot.waitFor()
  }
  async goesAway() {
    await this.presence.click()
    await this.page.locator('.presence-popper [role=menu] button', { has: this.page.locator('.dot.away') }).first().click()
    await this.presence.locator('.dot.away').waitFor()
  }
  async accepts() {
    await this.offer.locator('.btn.primary').click()
    await this.offer.waitFor({ state: 'detached' })
  }
  async writes(text) {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }
  async sees(text) {
    await this.bubbles.filter({ hasText: text }).first().waitFor()
  }
  async ends() {
    await this.page.keyboard.press('Alt+e')
    await this.page.locator('.armed').first().waitFor()
    await this.page.keyboard.press('Alt+e')
    await this.wrapUp.waitFor()
  }
  // Asks somebody (a queue or a colleague by name) while keeping the customer.
  async asks(name) {
    await this.page.keyboard.press('Alt+t')
    await this.page.getByRole('radio', { name: /Ask first/ }).click()
    await this.page.locator('.target', { hasText: name }).first().click()
    await this.page.locator('.el-dialog form.form button[type=submit]').click()
    await this.page.locator('.consult').waitFor()
  }
  async wrapsUp({ disposition = 'resolved', note = '' } = {}) {
    await this.wrapUp.locator(`input[name=disposition][value=${disposition}]`).check({ force: true })
    if (note) await this.wrapUp.locator('#wrap-note').fill(note)
    await this.wrapUp.locator('button[type=submit]').click()
    await this.wrapUp.waitFor({ state: 'detached' })
  }
}

export class Customer {
  static async comes(visitors, { path = '/demo-shop', ...options } = {}) {
    const customer = new Customer()
    customer.context = await visitors.context(options)
    customer.page = await customer.context.newPage()
    await customer.page.goto(visitors.server.base + path)
    await customer.opens()
    return customer
  }

  get bubbles() {
    return this.page.locator('.panel .row:not(.sys) .bub')
  }
  get own() {
    return this.page.locator('.panel .row.own:not(.wait) .bub')
  }
  get status() {
    return this.page.locator('.panel header [role=status]')
  }
  get field() {
    return this.page.locator('.panel textarea')
  }

  async opens() {
    await this.page.locator('button.launch').click()
    await this.page.locator('.panel').waitFor()
  }
  async writes(text) {
    await this.field.fill(text)
    await this.field.press('Enter')
  }
  async sees(text) {
    await this.bubbles.filter({ hasText: text }).first().waitFor()
  }
  // The server has it durably: the row is no longer marked as on its way.
  async delivered(text) {
    await this.own.filter({ hasText: text }).first().waitFor()
  }
  async talksWith(name) {
    await until(`the widget names ${name}`, async () => (await this.status.textContent()).includes(name))
  }
}

export const textsOf = async (locator) => (await locator.allInnerTexts()).map((text) => text.trim())
