import { describe, expect, it } from 'vitest'
import { isZone, localIn, momentOf, timeThere } from '../src/shared/callback/zoned'

describe('times of a zone', () => {
  it('carry the offset of that day there', () => {
    expect(momentOf('2026-11-22T15:00', 'Asia/Shanghai')).toBe('2026-11-22T15:00:00+08:00')
    expect(momentOf('2026-07-01T09:30', 'Europe/Berlin')).toBe('2026-07-01T09:30:00+02:00')
    expect(momentOf('2026-12-01T09:30', 'Europe/Berlin')).toBe('2026-12-01T09:30:00+01:00')
    expect(momentOf('2026-01-15T23:00', 'America/St_Johns')).toBe('2026-01-15T23:00:00-03:30')
    expect(momentOf('2026-01-15T00:00', 'UTC')).toBe('2026-01-15T00:00:00+00:00')
  })

  it('are right beside the change to and from summer time', () => {
    expect(momentOf('2026-03-29T01:59', 'Europe/Berlin')).toBe('2026-03-29T01:59:00+01:00')
    expect(momentOf('2026-03-29T03:00', 'Europe/Berlin')).toBe('2026-03-29T03:00:00+02:00')
    expect(momentOf('2026-10-25T03:00', 'Europe/Berlin')).toBe('2026-10-25T03:00:00+01:00')
    expect(momentOf('2026-11-01T01:30', 'America/New_York')).toMatch(/^2026-11-01T01:30:00-0[45]:00$/) // there twice
  })

  it('do not exist where a clock never shows them', () => {
    expect(momentOf('2026-03-29T02:30', 'Europe/Berlin')).toBeNull()
    expect(momentOf('2026-02-30T10:00', 'UTC')).toBeNull()
    expect(momentOf('', 'UTC')).toBeNull()
    expect(momentOf('tomorrow', 'UTC')).toBeNull()
  })

  it('are shown as a clock there shows them', () => {
    const noon = Date.UTC(2026, 10, 22, 12)
    expect(localIn(noon, 'Asia/Shanghai')).toBe('2026-11-22T20:00')
    expect(localIn(noon, 'America/New_York')).toBe('2026-11-22T07:00')
    for (const zone of ['Asia/Kolkata', 'Pacific/Auckland', 'Europe/London']) expect(Date.parse(momentOf(localIn(noon, zone), zone)!)).toBe(noon)
  })

  it('say what it is there now, with the weekday where that is another day', () => {
    const noon = Date.UTC(2026, 10, 22, 12) // a Sunday
    expect(timeThere(noon, 'Asia/Shanghai', 'en', 'Europe/London')).toBe('20:00')
    expect(timeThere(noon, 'Asia/Shanghai', 'zh-CN', 'Asia/Shanghai')).toBe('20:00')
    expect(timeThere(noon + 5 * 3_600_000, 'Asia/Shanghai', 'en', 'Europe/London')).toBe('Mon 01:00')
    expect(timeThere(noon + 4 * 3_600_000, 'Asia/Shanghai', 'en', 'UTC')).toBe('Mon 00:00')
    expect(timeThere(noon - 10 * 3_600_000, 'America/New_York', 'zh-CN', 'Asia/Shanghai')).toMatch(/^周六 ?21:00$/)
    expect(timeThere(noon, undefined, 'en')).toBe('')
    expect(timeThere(noon, 'Mars/Base', 'en')).toBe('')
  })

  it('are of zones that exist', () => {
    expect(isZone('Asia/Shanghai')).toBe(true)
    expect(isZone('Mars/Base')).toBe(false)
    expect(isZone('')).toBe(false)
  })
})
