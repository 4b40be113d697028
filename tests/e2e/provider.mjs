// A small telephone company: signs its webhooks, keeps callers, agents' legs and conferences, and answers the REST
// calls of the server the way the real one does. The caller acts only when the test says so.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

const account = 'AC00000000000000000000000000000001'
const token = '0f1e2d3c4b5a69788796a5b4c3d2e1f0'

function signature(url, form) {
  const text = url + Object.keys(form).sort().map((name) => name + form[name]).join('')
  return createHmac('sha1', token).update(text).digest('base64')
}
const unescaped = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&')
export function attribute(twiml, verb, name) {
  const found = new RegExp(`<${verb}\\b[^>]*?\\b${name}="([^"]*)"`).exec(twiml)
  return found ? unescaped(found[1]) : ''
}

export class Provider {
  requests = [] // of the server: {method, path, form}
  calls = new Map()
  conferences = new Map() // by name
  numbers = 0
  outgoing = [] // calls made for the server; they ring until the test answers them

  static async start(server) {
    const provider = new Provider()
    provider.base = server.base
    provider.http = createServer((request, response) => void provider.serve(request, response))
    provider.http.listen(server.providerPort, '127.0.0.1')
    await once(provider.http, 'listening')
    return provider
  }
  async stop() {
    this.http.closeAllConnections?.()
    this.http.close()
  }
  sid(kind) {
    return kind + String(++this.numbers).padStart(32, '0')
  }

  async post(url, form) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature(url, form) },
      body: new URLSearchParams(form).toString(),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${url} was answered ${response.status}: ${text}`)
    return text
  }

  // --- the caller
  async callIn(from, to) {
    const call = { sid: this.sid('CA'), from, to, status: 'ringing', conference: null, action: '' }
    this.calls.set(call.sid, call)
    call.heard = await this.tell(call, `${this.base}/twilio/voice/incoming`)
    call.status = 'in-progress'
    return call
  }
  tell(call, url, more = {}) {
    return this.post(url, { AccountSid: account, CallSid: call.sid, From: call.from, To: call.to, CallStatus: call.status, Direction: 'inbound', ...more })
  }
  async press(call, digit) {
    call.heard = await this.tell(call, attribute(call.heard, 'Gather', 'action'), { Digits: digit })
    await this.obey(call)
  }
  async obey(call) {
    const wait = attribute(call.heard, 'Enqueue', 'waitUrl')
    if (wait) {
      call.action = attribute(call.heard, 'Enqueue', 'action')
      call.waiting = await this.tell(call, wait, { QueuePosition: '1', QueueTime: '0' })
    }
    const name = /<Conference\b[^>]*>([^<]*)</.exec(call.heard)?.[1]
    if (name) {
      call.dialed = attribute(call.heard, 'Dial', 'action')
      await this.join(this.conference(name, attribute(call.heard, 'Conference', 'statusCallback')), call, attribute(call.heard, 'Conference', 'participantLabel'))
    }
    if (/<Hangup/.test(call.heard)) await this.hangUp(call)
  }
  async hangUp(call) {
    if (call.status === 'completed') return
    call.status = 'completed'
    const conference = call.conference
    if (conference) await this.leave(conference, call)
    if (call.callback) await this.post(call.callback, { AccountSid: account, CallSid: call.sid, CallStatus: 'completed' })
    else await this.tell(call, `${this.base}/twilio/voice/status`)
  }

  // --- somebody the server had called
  change(call, status) {
    call.status = status
    return this.post(call.callback, { AccountSid: account, CallSid: call.sid, From: call.from, To: call.to, CallStatus: status, Direction: 'outbound-api' })
  }
  async answerCall(call) {
    await this.change(call, 'in-progress')
    call.heard = await this.tell(call, call.url, { Direction: 'outbound-api' })
    await this.obey(call)
  }
  async doesNotAnswer(call) {
    await this.change(call, 'no-answer')
  }

  // --- conferences
  conference(name, callback) {
    let conference = this.conferences.get(name)
    if (!conference) {
      conference = { name, sid: this.sid('CF'), callback, members: [] }
      this.conferences.set(name, conference)
    }
    return conference
  }
  news(conference, event, call, more = {}) {
    return this.post(conference.callback, {
      AccountSid: account, ConferenceSid: conference.sid, FriendlyName: conference.name, StatusCallbackEvent: event,
      ...(call ? { CallSid: call.sid, ParticipantLabel: call.label ?? '' } : {}), ...more,
    })
  }
  async join(conference, call, label) {
    call.label = label
    call.conference = conference
    conference.members.push(call)
    await this.news(conference, 'participant-join', call)
    if (conference.members.length === 2) await this.news(conference, 'conference-start')
  }
  async leave(conference, call) {
    conference.members = conference.members.filter((member) => member !== call)
    call.conference = null
    await this.news(conference, 'participant-leave', call)
  }
  async finish(conference) {
    this.conferences.delete(conference.name)
    const members = conference.members
    for (const call of [...members]) await this.leave(conference, call)
    await this.news(conference, 'conference-end', null, { ReasonConferenceEnded: 'conference-ended-via-api' })
    for (const call of members) {
      if (call.callback) await this.hangUp(call)
      else if (call.status !== 'completed') {
        call.heard = await this.tell(call, call.dialed, { DialCallStatus: 'completed' })
        await this.obey(call)
      }
    }
  }
  async ring(conference, form) {
    const leg = { sid: this.sid('CA'), from: form.From, to: form.To, status: 'queued', callback: form.StatusCallback, label: form.Label }
    this.calls.set(leg.sid, leg)
    const answers = async () => {
      for (const status of ['initiated', 'ringing', 'in-progress']) {
        leg.status = status
        await this.post(leg.callback, { AccountSid: account, CallSid: leg.sid, CallStatus: status })
      }
      await this.join(conference, leg, form.Label)
    }
    return { leg, answers }
  }

  // --- what the server asks for
  async serve(request, response) {
    let body = ''
    for await (const bytes of request) body += bytes
    const form = Object.fromEntries(new URLSearchParams(body))
    const url = new URL(request.url, 'http://provider')
    const path = decodeURIComponent(url.pathname).replace(`/2010-04-01/Accounts/${account}/`, '')
    this.requests.push({ method: request.method, path, form })
    const answer = (status, value) => {
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify(value))
    }
    const expected = `Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`
    if (request.headers.authorization !== expected) return answer(401, { code: 20003, message: 'Authenticate' })
    const gone = () => answer(404, { code: 20404, message: 'not found' })
    const after = (work) => void Promise.resolve().then(work).catch((error) => this.failures.push(error.message))
    let match
    if ((match = /^Conferences\/([^/]+)\/Participants\.json$/.exec(path)) && request.method === 'POST') {
      const conference = this.conference(match[1], form.ConferenceStatusCallback)
      const { leg, answers } = await this.ring(conference, form)
      answer(201, { call_sid: leg.sid, conference_sid: conference.sid, label: form.Label, status: 'queued' })
      return after(answers)
    }
    if ((match = /^Conferences\/([^/]+)\/Participants\/([^/]+)\.json$/.exec(path))) {
      const conference = [...this.conferences.values()].find((known) => known.sid === match[1] || known.name === match[1])
      const member = conference?.members.find((call) => call.label === match[2] || call.sid === match[2])
      if (!member) return gone()
      if (form.Hold !== undefined) member.held = form.Hold === 'true'
      answer(request.method === 'DELETE' ? 204 : 200, { call_sid: member.sid, conference_sid: conference.sid, hold: member.held === true })
      if (request.method === 'DELETE') after(() => this.hangUp(member))
      return
    }
    if (path === 'Conferences.json') {
      const found = this.conferences.get(url.searchParams.get('FriendlyName'))
      return answer(200, { conferences: found ? [{ sid: found.sid, friendly_name: found.name, status: 'in-progress' }] : [] })
    }
    if ((match = /^Conferences\/([^/]+)\.json$/.exec(path))) {
      const conference = [...this.conferences.values()].find((known) => known.sid === match[1] || known.name === match[1])
      if (!conference) return gone()
      answer(200, { sid: conference.sid, status: 'completed' })
      return after(() => this.finish(conference))
    }
    if (path === 'Calls.json' && request.method === 'POST') {
      const call = { sid: this.sid('CA'), from: form.From, to: form.To, status: 'queued', callback: form.StatusCallback, url: form.Url, conference: null, action: '' }
      this.calls.set(call.sid, call)
      this.outgoing.push(call)
      answer(201, { sid: call.sid, status: 'queued' })
      return after(async () => {
        for (const status of ['initiated', 'ringing']) await this.change(call, status)
      })
    }
    if ((match = /^Calls\/([^/]+)\.json$/.exec(path))) {
      const call = this.calls.get(match[1])
      if (!call) return gone()
      if (call.status === 'completed') return answer(400, { code: 21220, message: 'Call is not in-progress' })
      answer(200, { sid: call.sid, status: call.status })
      if (form.Status === 'completed') return after(() => this.hangUp(call))
      return after(async () => {
        if (call.action) await this.tell(call, call.action, { QueueResult: 'redirected' })
        call.action = ''
        call.heard = await this.tell(call, form.Url)
        await this.obey(call)
      })
    }
    gone()
  }
  failures = []
}
