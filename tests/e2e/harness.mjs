// Starts the real binary on ports and directories of its own, and opens pages that remember what went wrong in them.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const binary = resolve(root, process.env.SB_BINARY ?? 'build/release/app/switchboard')
const apiKey = 'demo-api-key'
const kStartMs = 60_000
export const kWaitMs = 15_000

let browser
export async function theBrowser() {
  browser ??= await chromium.launch({
    executablePath: process.env.SB_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  return browser
}
export async function closeBrowser() {
  await browser?.close()
  browser = undefined
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

// One server with the demo's configuration; `edit` may change its text.
export class Switchboard {
  static async start({ customers = 60, edit = (text) => text } = {}) {
    const server = new Switchboard()
    server.directory = await mkdtemp(join(tmpdir(), 'switchboard-e2e-'))
    server.port = await freePort()
    server.providerPort = await freePort()
    server.base = `http://127.0.0.1:${server.port}`
    server.config = join(server.directory, 'config.toml')
    const demo = await readFile(join(root, 'config/demo.toml'), 'utf8')
    const text = demo
      .replace(/^port = .*$/m, `port = ${server.port}`)
      .replace(/^public_url = .*$/m, `public_url = "${server.base}"`)
      .replace(/^directory = .*$/m, `directory = "${join(server.directory, 'data')}"`)
      .replace(/^api_base = .*$/m, `api_base = "http://127.0.0.1:${server.providerPort}"`)
      .replace(/^customers = .*$/m, `customers = ${customers}`)
    await writeFile(server.config, edit(text))
    await server.run()
    return server
  }

  async run() {
    this.output = ''
    this.process = spawn(binary, ['serve', '--config', this.config], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    this.exited = new Promise((gone) => this.process.once('close', gone))
    await new Promise((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`not ready after ${kStartMs} ms:\n${this.output}`)), kStartMs)
      const take = (bytes) => {
        this.output += bytes
        if (!/^ready on port \d+/m.test(this.output)) return
        clearTimeout(timer)
        ready()
      }
      this.process.stdout.on('data', take)
      this.process.stderr.on('data', take)
      this.process.once('exit', (code, signal) => failed(new Error(`ended with ${code ?? signal}:\n${this.output}`)))
      this.process.once('error', failed)
    })
  }

  async kill() {
    this.process.kill('SIGKILL')
    await this.exited
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM')
      await this.exited
    }
    await rm(this.directory, { recursive: true, force: true })
  }

  asProgram = { Authorization: `Bearer ${apiKey}` }

  async get(path) {
    const response = await fetch(this.base + path, { headers: this.asProgram })
    const text = await response.text()
    assert.equal(response.status, 200, `${path}: ${text}`)
    return JSON.parse(text)
  }
}

// Waits until `look` gives something truthy, and gives that.
export async function until(what, look, limitMs = kWaitMs) {
  const end = Date.now() + limitMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`)
    await new Promise((next) => setTimeout(next, 50))
  }
}

// Browser contexts are fresh profiles. Everything a page complains about is kept and judged at the end.
export class Visitors {
  problems = []
  contexts = []
  excused = []

  constructor(server) {
    this.server = server
  }

  async context(options = {}) {
    const context = await (await theBrowser()).newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, colorScheme: 'light', ...options })
    context.setDefaultTimeout(kWaitMs)
    this.contexts.push(context)
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`))
    })
    context.on('page', (page) => {
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') this.problems.push(`${page.url()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => this.problems.push(`${page.url()}: ${error.stack ?? error.message}`))
    })
    return context
  }

  // What a test brings about on purpose, such as a refused connection while the server is gone.
  excuse(pattern) {
    this.excused.push(pattern)
  }

  async leave() {
    const bad = this.problems.filter((text) => !this.excused.some((pattern) => pattern.test(text)))
    await Promise.all(this.contexts.map((context) => context.close()))
    assert.deepEqual(bad, [], 'pages complained')
  }
}

// A test with its own server and visitors, both put away at the end whatever happens.
export async function withCenter(options, body) {
  const server = await Switchboard.start(options)
  const visitors = new Visitors(server)
  try {
    await body(server, visitors)
    await visitors.leave()
  } catch (error) {
    if (process.env.SB_SHOTS) await shots(visitors)
    const complaints = visitors.problems.slice(0, 10).join('\n')
    error.message += `\n--- pages\n${complaints}\n--- server\n${server.output.split('\n').slice(-15).join('\n')}`
    throw error
  } finally {
    await Promise.all(visitors.contexts.map((context) => context.close().catch(() => undefined)))
    await server.stop()
  }
}

async function shots(visitors) {
  let number = 0
  for (const page of visitors.contexts.flatMap((context) => context.pages())) {
    await page.screenshot({ path: join(process.env.SB_SHOTS, `failed-${number++}.png`) }).catch(() => undefined)
  }
}
