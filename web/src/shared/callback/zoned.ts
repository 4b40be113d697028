// Wall-clock times of a time zone, without a library: Intl knows the zones.

const fields = (zone: string) =>
  new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })

// What the clock there shows, as if it were UTC.
function wallMs(ms: number, zone: string): number {
  const parts = Object.fromEntries(fields(zone).formatToParts(ms).map((part) => [part.type, Number(part.value)]))
  return Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second)
}
const offsetMs = (ms: number, zone: string): number => wallMs(ms, zone) - Math.floor(ms / 1000) * 1000
const pad = (value: number): string => String(value).padStart(2, '0')

export function isZone(zone: string): boolean {
  try {
    fields(zone)
    return zone !== ''
  } catch {
    return false
  }
}

// "2026-11-22T15:00", as an <input type="datetime-local"> takes it.
export const localIn = (ms: number, zone: string): string => new Date(wallMs(ms, zone)).toISOString().slice(0, 16)

// What a clock there shows now, for people: "16:05", with the weekday where it is another day than at home: "Mon 02:05".
// Empty: no zone, or one this browser does not know.
export function timeThere(ms: number, zone: string | undefined, language: string, home = ownZone()): string {
  if (!zone || !isZone(zone)) return ''
  const otherDay = localIn(ms, zone).slice(0, 10) !== localIn(ms, home).slice(0, 10)
  return new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', ...(otherDay ? { weekday: 'short' } : {}) }).format(ms)
}

// The moment a clock there shows this, with its offset: "2026-11-22T15:00:00+08:00". Null: no clock there ever does
// (it is no time, or one that the change to summer time leaves out).
export function momentOf(local: string, zone: string): string | null {
  const wall = Date.parse(`${local}:00Z`)
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 16) !== local) return null
  const first = wall - offsetMs(wall, zone)
  const moment = wall - offsetMs(first, zone)
  if (wallMs(moment, zone) !== wall) return null
  const east = (wall - moment) / 60_000
  return `${local}:00${east < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(east) / 60))}:${pad(Math.abs(east) % 60)}`
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
export const allZones = (): string[] => Intl.supportedValuesOf('timeZone')
