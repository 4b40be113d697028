import { describe, expect, it } from 'vitest'
import { flowText, spanOfLine } from '../src/planner/flow_text'

describe('rules as text', () => {
  it('read as the configuration writes them', () => {
    const text = flowText([
      { name: 'gold', all: [{ channel: ['phone', 'chat'] }, { tier: { at_least: 2 } }, { queue: 'sales', waiting: { at_least: 10 } }], then: { queue: 'vip', require: { german: 60 }, go_on: true } },
      { name: 'known', any: [{ known_customer: false }], then: {} },
    ])
    expect(text).toBe(`[[flow]]
name = "gold"
all = [
  { channel = ["phone", "chat"] },
  { tier = { at_least = 2 } },
  { queue = "sales", waiting = { at_least = 10 } },
]
then = { queue = "vip", require = { german = 60 }, go_on = true }

[[flow]]
name = "known"
any = [ { known_customer = false } ]
then = {}
`)
    expect(flowText([])).toBe('')
  })

  it('keep every character of words and names', () => {
    expect(flowText([{ name: 'a "b" \\ c\n\u007f 中文', then: { require: { 'old skill': 5 } } }])).toBe(
      '[[flow]]\nname = "a \\"b\\" \\\\ c\\n\\u007f 中文"\nthen = { require = { "old skill" = 5 } }\n',
    )
  })

  it('have lines that can be marked', () => {
    const text = 'first\nsecond\n\nfourth'
    const marked = (line: number) => text.slice(...spanOfLine(text, line))
    expect([1, 2, 3, 4].map(marked)).toEqual(['first', 'second', '', 'fourth'])
    expect(spanOfLine(text, 9)).toEqual([text.length, text.length])
  })
})
