// Turns what a customer wrote into safe HTML: plain text with links, or the mail's own HTML without its dangers.
import DOMPurify from 'dompurify'
import type { Channel } from '../protocol'

const kEscapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => kEscapes[sign]!)

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return
  node.setAttribute('target', '_blank')
  node.setAttribute('rel', 'noopener noreferrer nofollow')
})

const kTags = ['a', 'b', 'i', 'em', 'strong', 'u', 's', 'br', 'p', 'div', 'span', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'h1', 'h2', 'h3', 'table', 'thead', 'tbody', 'tr', 'td', 'th', 'hr']

export function safeHtml(text: string, channel: Channel): string {
  const isHtml = channel === 'email' && /<(p|div|br|table|html|body)[\s>/]/i.test(text)
  const html = isHtml ? text : linked(escaped(text)).replaceAll('\n', '<br>')
  return DOMPurify.sanitize(html, { ALLOWED_TAGS: kTags, ALLOWED_ATTR: ['href', 'target', 'rel'], ALLOWED_URI_REGEXP: /^(https?|mailto|tel):/i })
}

function linked(html: string): string {
  return html.replace(/\bhttps?:\/\/[^\s<>"'，。；！？）】》]+[^\s<>"'，。；！？）】》.,;:!?)\]]/g, (url) => `<a href="${url}">${url}</a>`)
}
