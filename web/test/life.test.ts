import { expect, it } from 'vitest'
import { declinedText, stepsOf, type LifeEvent } from '../src/explain/life'

const event = (seq: number, name: string, time_ms: number): LifeEvent => ({ seq, event: name, time_ms, text_en: name, text_zh: name, details: {} })

it('messages in a row are one step, and each step knows how long after the last it came', () => {
  const steps = stepsOf([
    event(1, 'InteractionStarted', 1000),
    event(2, 'MessagePosted', 2000),
    event(3, 'MessagePosted', 5000),
    event(4, 'OfferMade', 9000),
    event(5, 'MessagePosted', 9500),
    event(6, 'SomethingNew', 9500),
  ])
  expect(steps.map((step) => [step.event.event, step.messages, step.since_ms])).toEqual([
    ['InteractionStarted', 1, 0],
    ['MessagePosted', 2, 1000],
    ['OfferMade', 1, 4000],
    ['MessagePosted', 1, 500],
    ['SomethingNew', 1, 0],
  ])
  expect(new Set(steps.map((step) => step.key)).size).toBe(steps.length)
  expect(steps.at(-1)!.tone).toBe('talk')
})

it('the reason of a declined offer is told in words, whatever the language', () => {
  const declined: LifeEvent = { ...event(1, 'OfferDeclined', 1000), text_en: 'Dana declined: busy', text_zh: 'Dana 拒绝：busy', details: { reason: 'busy' } }
  const name = (code: string): string => `<${code}>`
  expect(declinedText(declined, 'en', name)).toBe('Dana declined: <busy>')
  expect(declinedText(declined, 'zh-CN', name)).toBe('Dana 拒绝：<busy>')
  expect(declinedText({ ...declined, text_en: 'Dana declined', details: {} }, 'en', name)).toBe('Dana declined')
})
