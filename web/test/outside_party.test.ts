import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import OutsideParty from '../src/agent/OutsideParty.vue'
import en from '../src/locales/en.json'
import zh from '../src/locales/zh-CN.json'

const number = '+14155550177'
async function shown(locale: string, party: { state: 'calling' | 'connected'; number?: string }): Promise<string> {
  const i18n = createI18n({ legacy: false, locale, messages: { en, 'zh-CN': zh } as never })
  const html = await renderToString(createSSRApp(OutsideParty, party).use(i18n))
  return html.replace(/<[^>]*>/g, '').replace(/&nbsp;|\u00a0/g, ' ')
}

it('says which outside number is called, and which one is in the call', async () => {
  expect(await shown('en', { state: 'calling', number })).toBe(`Calling outside… ${number}`)
  expect(await shown('en', { state: 'connected', number })).toBe(`Outside party ${number}`)
  expect(await shown('zh-CN', { state: 'calling', number })).toBe(`正在呼叫外部号码… ${number}`)
  expect(await shown('zh-CN', { state: 'connected', number })).toBe(`外部人员 ${number}`)
})

it('says that somebody outside is there when the number was erased', async () => {
  expect(await shown('en', { state: 'connected' })).toBe('Outside party')
})
