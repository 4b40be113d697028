// Rules of a flow as people write them: the [[flow]] text of the configuration. Pure.
export type Rule = Record<string, unknown>

// As TOML writes them; JSON's escapes are TOML's too, but for DEL.
const quoted = (text: string): string => JSON.stringify(text).replace(/\x7f/g, '\\u007f')
const key = (name: string): string => (/^[\w-]+$/.test(name) ? name : quoted(name))

function inline(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value)
  return entries.length === 0 ? '{}' : `{ ${entries.map(([name, part]) => `${key(name)} = ${inline(part)}`).join(', ')} }`
}

// Conditions stand one below the other, so that each fits a narrow field and has a line of its own.
const conditions = (list: unknown[]): string => (list.length < 2 ? `[ ${list.map(inline).join('')} ]` : `[\n${list.map((one) => `  ${inline(one)},\n`).join('')}]`)

const ruleText = (rule: Rule): string =>
  ['[[flow]]', ...Object.entries(rule).map(([name, value]) => `${key(name)} = ${(name === 'all' || name === 'any') && Array.isArray(value) ? conditions(value) : inline(value)}`)].join('\n')

// "" without rules.
export const flowText = (rules: Rule[]): string => rules.map((rule) => `${ruleText(rule)}\n`).join('\n')

// Where a line of the text begins and ends, the first being 1; past the end: the end.
export function spanOfLine(text: string, line: number): [number, number] {
  const lines = text.split('\n')
  const begin = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return [Math.min(begin, text.length), Math.min(begin + (lines[line - 1] ?? '').length, text.length)]
}
