import { expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
vi.mock('../src/shared/preferences', async () => ({ language: (await import('vue')).ref('en') }))
const { count, parts, plain, seconds } = await import('../src/planner/show')
const { language } = await import('../src/shared/preferences')

it('what rounds to nothing has no sign', () => {
  expect([plain(-0.2), plain(0.2), seconds(-0.04), seconds(-0)]).toEqual(['0', '0', '0.0 s', '0 s'])
})

it('few contacts and short times keep a decimal, falling as well as rising', () => {
  expect([count(-0.4), count(41), count(99.25), count(1082.4), count(-1082.4)]).toEqual(['-0.4', '41', '99.3', '1,082', '-1,082'])
  expect([seconds(-8.25), seconds(8.25), seconds(-155.1), seconds(155.1)]).toEqual(['-8.3 s', '8.3 s', '-155 s', '155 s'])
  expect(parts({ mean: -0.45, half_width: 0.2 }, count)).toEqual({ mean: '-0.5', half: '±0.2' })
})

it('seconds are called so in the language of the page', async () => {
  language.value = 'zh-CN'
  await nextTick()
  expect(seconds(155.1)).toBe('155 秒')
  language.value = 'en'
  await nextTick()
  expect(seconds(155.1)).toBe('155 s')
})
