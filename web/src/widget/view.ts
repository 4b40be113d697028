// The widget on the page: a button and a panel in a shadow root, painted from the session.
import { fill, isChinese, wordsIn, type Words } from './words'
import { fillWith, h, icon, icons, linked } from './dom'
import type { Message, Session } from './session'
import { style } from './style'

export interface Actions {
  say(text: string, about: { name?: string; email?: string }): void
  attach(file: File): void
  typing(): void
  end(): void
  callMe(phone: string): void
  retry(key: string): void
  attachmentUrl(id: string): string
  identified(): boolean
}
const kTextMax = 4000
const kTypingShownMs = 5000

export class View {
  private readonly host = h('div')
  private words: Words
  private isOpen = false
  private unread = 0
  private typingUntil = 0
  private asking = false
  private askingNumber = false
  private alert = ''
  private readonly rows = new Map<string, HTMLElement>()
  private readonly count = h('span', { class: 'count', hidden: true })
  private readonly launch = h('button', { class: 'launch', type: 'button', 'aria-expanded': 'false', click: () => this.toggle() }, icon(icons.chat), this.count)
  private readonly title = h('strong')
  private readonly status = h('span', { role: 'status' })
  private readonly endButton = h('button', { class: 'end', type: 'button', click: () => this.ask(true) })
  private readonly closeButton = h('button', { type: 'button', click: () => this.close() }, icon(icons.down))
  private readonly greeting = h('div', { class: 'row' })
  private readonly list = h('div')
  private readonly typing = h('div', { class: 'typing' })
  private readonly log = h('div', { class: 'log', role: 'log', 'aria-live': 'polite', tabindex: '0' }, this.greeting, this.list, this.typing)
  private readonly note = h('div', { class: 'note', role: 'status', hidden: true })
  private readonly problem = h('div', { class: 'note bad', role: 'alert', hidden: true })
  private readonly callButton = h('button', { type: 'button', click: () => this.askNumber(true) })
  private readonly phone = h('input', { type: 'tel', autocomplete: 'tel', maxlength: '40', required: true })
  private readonly callGo = h('button', { type: 'submit', class: 'yes' })
  private readonly callNo = h('button', { type: 'button', click: () => this.askNumber(false) })
  private readonly callForm = h('form', { class: 'sure', submit: (event: Event) => this.submitNumber(event) }, this.phone, this.callNo, this.callGo)
  private readonly call = h('div', { class: 'note call', hidden: true }, this.callButton, this.callForm)
  private readonly name = h('input', { autocomplete: 'name', maxlength: '100' })
  private readonly email = h('input', { type: 'email', autocomplete: 'email', maxlength: '200' })
  private readonly who = h('div', { class: 'who' }, this.name, this.email)
  private readonly text = h('textarea', { rows: '1', maxlength: String(kTextMax), keydown: (event: KeyboardEvent) => this.pressed(event), input: () => this.typed() })
  private readonly file = h('input', { type: 'file', hidden: true, change: () => this.picked() })
  private readonly clip = h('button', { type: 'button', click: () => this.file.click() }, icon(icons.clip))
  private readonly sendButton = h('button', { class: 'send', type: 'submit' }, icon(icons.send))
  private readonly form = h('form', { submit: (event: Event) => this.submit(event) }, this.clip, this.file, this.text, this.sendButton)
  private readonly panel = h('div', { class: 'panel', role: 'dialog', hidden: true, keydown: (event: KeyboardEvent) => event.key === 'Escape' && this.close() },
    h('header', {}, h('div', {}, this.title, this.status), this.endButton, this.closeButton), this.log, this.note, this.call, this.problem, this.who, this.form)

  constructor(
    private readonly session: Session,
    private readonly actions: Actions,
    private language: string,
    private readonly prechat: boolean,
    theme: string,
  ) {
    this.words = wordsIn(language)
    const root = this.host.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    root.adoptedStyleSheets = [sheet]
    root.append(this.panel, this.launch)
    document.body.append(this.host)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const paintTheme = () => this.host.toggleAttribute('dark', theme === 'dark' || (theme !== 'light' && dark.matches))
    dark.addEventListener('change', paintTheme)
    paintTheme()
    this.relabel()
  }

  open(): void {
    if (this.isOpen) return
    this.isOpen = true
    this.unread = 0
    this.alert = ''
    this.paint()
    this.toEnd()
    this.text.focus()
  }
  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.asking = false
    this.paint()
    this.launch.focus()
  }
  private toggle(): void {
    if (this.isOpen) this.close()
    else this.open()
  }

  setLanguage(language: string): void {
    this.language = language
    this.words = wordsIn(language)
    this.relabel()
    for (const row of this.rows.values()) row.remove()
    this.rows.clear()
    this.paint()
  }

  arrived(message: Message): void {
    this.typingUntil = 0
    if (!this.isOpen && message.from === 'agent') this.unread++
  }
  showTyping(): void {
    this.typingUntil = Date.now() + kTypingShownMs
    this.paint()
    setTimeout(() => this.paint(), kTypingShownMs + 50)
  }
  fail(text: (words: Words) => string): void {
    this.alert = text(this.words)
    this.paint()
  }
  get locale(): string {
    return isChinese(this.language) ? 'zh-CN' : 'en'
  }

  paint(): void {
    const { session, words } = this
    const typing = this.typingUntil > Date.now()
    this.host.toggleAttribute('open', this.isOpen)
    this.panel.hidden = !this.isOpen
    this.launch.setAttribute('aria-expanded', String(this.isOpen))
    const label = this.isOpen ? words.close : words.open
    this.launch.setAttribute('aria-label', this.unread > 0 ? `${label}, ${fill(words.newMessages, { n: this.unread })}` : label)
    this.count.hidden = this.unread === 0
    this.count.textContent = String(this.unread)
    this.title.textContent = session.name || words.title
    this.status.textContent = this.statusText()
    this.endButton.hidden = !session.active
    const fresh = !session.active && !session.messages.some((message) => message.n === 0)
    this.who.hidden = !this.prechat || this.actions.identified() || !fresh || session.ticket > 0 || (session.open && session.messages.length > 0)
    this.email.placeholder = this.email.ariaLabel = session.open ? words.email : words.emailAway
    this.email.required = !session.open && !this.who.hidden
    this.clip.disabled = !session.active || !session.ready
    this.clip.title = session.active ? words.attach : words.startFirst
    this.paintGreeting()
    this.paintRows()
    this.typing.textContent = typing ? fill(words.typing, { name: session.agent || words.agent }) : ''
    this.paintNotes()
  }

  private statusText(): string {
    const { session, words } = this
    if (session.agent) return fill(words.talking, { name: session.agent })
    if (session.active) return words.waiting
    return session.open ? words.hint : ''
  }
  private waitText(): string {
    const { waitMs } = this.session
    if (waitMs === undefined) return this.words.waitUnknown
    return waitMs < 60_000 ? this.words.waitSoon : fill(this.words.wait, { m: Math.round(waitMs / 60_000) })
  }
  private paintGreeting(): void {
    const text = this.session.open ? this.session.greeting : this.words.away
    if (this.greeting.dataset.text === text) return
    this.greeting.dataset.text = text
    fillWith(this.greeting, text && h('div', { class: 'bub' }, text))
  }
  private paintNotes(): void {
    const { session, words } = this
    if (this.asking && session.active) {
      if (!this.note.querySelector('.sure')) {
        const keep = h('button', { type: 'button', click: () => this.ask(false) }, words.no)
        const yes = h('button', { type: 'button', class: 'yes', click: () => this.ended() }, words.yesEnd)
        fillWith(this.note, h('div', { class: 'sure' }, h('span', {}, words.endSure), keep, yes))
        keep.focus()
      }
      this.note.hidden = false
    } else {
      const text = this.noteText()
      this.note.hidden = text === ''
      if (this.note.textContent !== text) this.note.textContent = text
    }
    this.call.hidden = this.asking || !session.active || session.position === 0 || (!session.mayCallBack && !session.wish)
    const asksNumber = this.askingNumber || session.wish !== undefined || session.wishProblem !== ''
    this.callButton.hidden = asksNumber
    this.callForm.hidden = !asksNumber
    this.callGo.disabled = this.phone.disabled = session.wish !== undefined || !session.ready
    this.callGo.textContent = session.wish ? words.callAsking : words.callGo
    const problem = this.alert || this.codeText(session.wishProblem || session.problem)
    this.problem.hidden = problem === ''
    if (this.problem.textContent !== problem) this.problem.textContent = problem
  }
  private noteText(): string {
    const { session, words } = this
    if (!session.ready && session.visitor) return session.messages.some((message) => message.n === 0) ? `${words.reconnecting} ${words.offline}` : words.reconnecting
    if (session.ticket) return fill(words.ticket, { n: session.ticket })
    if (session.agreed && !session.active) {
      const { phone, at } = session.agreed
      return at ? fill(words.callAgreedAt, { phone, time: new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at) }) : fill(words.callAgreed, { phone })
    }
    if (session.ended) return `${words.ended[session.ended] ?? words.ended.system} ${words.again}`
    return session.position > 0 ? `${fill(words.queued, { n: session.position })} · ${this.waitText()}` : ''
  }
  private codeText(code: string): string {
    if (!code) return ''
    return { busy: this.words.busy, too_long: this.words.tooLong, too_fast: this.words.busy, bad_phone: this.words.callBadPhone }[code] ?? this.words.refused
  }

  // Rows are kept, so that a screen reader speaks only what is new.
  private paintRows(): void {
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80
    const wanted = new Set<string>()
    let before: Element | null = null
    for (const message of this.session.messages) {
      const id = `${message.chat}/${message.key ?? message.n}`
      const look = `${message.n}/${message.failed ?? ''}/${message.text.length}`
      wanted.add(id)
      let row = this.rows.get(id)
      if (!row || row.dataset.look !== look) {
        const next = this.row(message)
        next.dataset.look = look
        row?.replaceWith(next)
        row = next
        this.rows.set(id, row)
      }
      const place: Element | null = before ? before.nextElementSibling : this.list.firstElementChild
      if (place !== row) this.list.insertBefore(row, place)
      before = row
    }
    for (const [id, row] of this.rows) {
      if (wanted.has(id)) continue
      row.remove()
      this.rows.delete(id)
    }
    if (atEnd) this.toEnd()
  }
  private row(message: Message): HTMLElement {
    const { words } = this
    if (message.from === 'system') return h('div', { class: 'row sys' }, message.text)
    const own = message.from === 'customer'
    const time = new Intl.DateTimeFormat(this.locale, { hour: '2-digit', minute: '2-digit', hour12: false }).format(message.time)
    const file = message.attachment
    const url = file && this.actions.attachmentUrl(file.id)
    const isPicture = file && /^image\/(png|jpeg|gif|webp)$/.test(file.media_type)
    return h('div', { class: `row${own ? ' own' : ''}${message.n === 0 && !message.failed ? ' wait' : ''}` },
      h('small', {}, `${own ? words.you : message.name || words.agent} · ${message.n === 0 && !message.failed ? words.sending : time}`),
      message.text && h('div', { class: 'bub' }, ...linked(message.text)),
      file && url && h('div', { class: 'bub' }, h('a', { href: url, target: '_blank', rel: 'noopener', download: !isPicture && file.name }, isPicture ? h('img', { src: url, alt: file.name, load: () => this.toEnd() }) : file.name)),
      message.failed !== undefined && h('div', { class: 'fail', role: 'alert' }, `${words.notSent} ${this.codeText(message.failed)} `, h('button', { type: 'button', click: () => this.actions.retry(message.key ?? '') }, words.retry)))
  }

  private relabel(): void {
    const { words } = this
    this.host.lang = this.locale
    this.panel.setAttribute('aria-label', words.title)
    this.endButton.textContent = words.end
    this.closeButton.title = words.close
    const labels: [HTMLElement, string][] = [[this.closeButton, words.close], [this.clip, words.attach], [this.sendButton, words.send], [this.text, words.placeholder], [this.log, words.title]]
    for (const [element, label] of labels) element.setAttribute('aria-label', label)
    this.text.placeholder = words.placeholder
    this.name.placeholder = this.name.ariaLabel = words.name
    this.phone.placeholder = this.phone.ariaLabel = words.callPhone
    this.callButton.textContent = words.callMe
    this.callNo.textContent = words.no
  }
  private ask(asking: boolean): void {
    this.asking = asking
    this.paint()
    if (!asking) this.text.focus()
  }
  private askNumber(asking: boolean): void {
    this.askingNumber = asking
    this.session.wishProblem = ''
    this.paint()
    if (asking) this.phone.focus()
    else this.callButton.focus()
  }
  private submitNumber(event: Event): void {
    event.preventDefault()
    const phone = this.phone.value.trim()
    if (!phone) return void this.phone.reportValidity()
    this.askingNumber = true
    this.actions.callMe(phone)
  }
  private ended(): void {
    this.asking = false
    this.actions.end()
    this.text.focus()
  }
  private submit(event: Event): void {
    event.preventDefault()
    const text = this.text.value.trim()
    if (!text || !this.email.checkValidity()) return void this.email.reportValidity()
    this.text.value = ''
    this.alert = ''
    this.fit()
    const about: { name?: string; email?: string } = {}
    if (this.name.value.trim()) about.name = this.name.value.trim()
    if (this.email.value.trim()) about.email = this.email.value.trim()
    this.actions.say(text, about)
    this.toEnd()
  }
  private pressed(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.form.requestSubmit()
  }
  private typed(): void {
    this.fit()
    if (this.text.value) this.actions.typing()
  }
  private fit(): void {
    this.text.style.height = 'auto'
    this.text.style.height = `${this.text.scrollHeight}px`
  }
  private picked(): void {
    const file = this.file.files?.[0]
    this.file.value = ''
    this.alert = ''
    if (file) this.actions.attach(file)
  }
  private toEnd(): void {
    this.log.scrollTop = this.log.scrollHeight
  }
}
