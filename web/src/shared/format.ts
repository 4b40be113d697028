// Times, sizes and names in the reader's language.
import { language } from './preferences'
import { hasText, t } from './i18n'

const pad = (value: number): string => String(value).padStart(2, '0')

// 0:07, 12:34, 1:02:03
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`
}

export function timeOfDay(ms: number): string {
  return new Intl.DateTimeFormat(language.value, { hour: '2-digit', minute: '2-digit', hour12: false }).format(ms)
}

export function fullTime(ms: number): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short', hour12: false } as Intl.DateTimeFormatOptions).format(ms)
}

export function dayKey(ms: number): string {
  return new Date(ms).toDateString()
}

// Today, Yesterday, 12 March, 12 March 2024
export function dayText(ms: number, nowMs: number): string {
  const relative = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' })
  if (dayKey(ms) === dayKey(nowMs)) return capital(relative.format(0, 'day'))
  if (dayKey(ms) === dayKey(nowMs - 86_400_000)) return capital(relative.format(-1, 'day'))
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear()
  return new Intl.DateTimeFormat(language.value, {
    day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }),
  }).format(ms)
}

// 5 min ago, yesterday, 12 Mar
export function ago(ms: number, nowMs: number): string {
  const relative = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto', style: 'short' })
  const minutes = Math.round((nowMs - ms) / 60_000)
  if (minutes < 60) return relative.format(-Math.max(0, minutes), 'minute')
  if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), 'hour')
  const days = Math.round(minutes / 1440)
  if (days < 7) return relative.format(-days, 'day')
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear()
  return new Intl.DateTimeFormat(language.value, {
    day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }),
  }).format(ms)
}

export function bytesText(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte'] as const
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return new Intl.NumberFormat(language.value, {
    style: 'unit', unit: units[unit]!, unitDisplay: 'short', maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value)
}

export function numberText(value: number): string {
  return new Intl.NumberFormat(language.value).format(value)
}

// Thousandths as 0.97.
export function fairnessText(thousandths: number): string {
  return new Intl.NumberFormat(language.value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(thousandths / 1000)
}

export function percentText(value: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(value / 100)
}

export function languageText(code: string): string {
  if (!code) return ''
  try {
    return capital(new Intl.DisplayNames(language.value, { type: 'language' }).of(code) ?? code)
  } catch {
    return code
  }
}

// A word for a code the server may extend: the code itself when we have none.
export function word(group: string, code: string | undefined): string {
  if (!code) return ''
  const key = `${group}.${code}`
  return hasText(key) ? t(key) : code.replaceAll('_', ' ')
}

export function tierText(tier: number | undefined): string {
  if (!tier) return ''
  return tier <= 3 ? t(`tier.${tier}`) : t('tier.other', { tier })
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(language.value) + text.slice(1)
}
