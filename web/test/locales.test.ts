import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

type Messages = { [key: string]: string | Messages }
// Read as files: the build turns the imports into syntax trees.
const read = (name: string) => JSON.parse(readFileSync(`src/locales/${name}.json`, 'utf8')) as Messages
const flat = (messages: Messages, path = ''): Map<string, string> =>
  new Map(
    Object.entries(messages).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...flat(value, `${path}${key}.`)],
    ),
  )
const en = flat(read('en'))
const zh = flat(read('zh-CN'))
const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : /\.(vue|ts)$/.test(entry.name) ? [join(folder, entry.name)] : [],
  )
}

describe('locales', () => {
  it('say the same things in both languages', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
  })

  it('have the same places for values', () => {
    for (const [key, text] of en) expect(places(zh.get(key)!), key).toEqual(places(text))
  })

  it('have every text the pages ask for', () => {
    const missing = sources('src').filter((file) => !/src\/(widget|demo)\//.test(file)).flatMap((file) => {
      const used = [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1]!)
      return used.filter((key) => !en.has(key)).map((key) => `${file}: ${key}`)
    })
    expect(missing).toEqual([])
  })
})
