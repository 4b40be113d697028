import enElement from 'element-plus/es/locale/lang/en'
import zhElement from 'element-plus/es/locale/lang/zh-cn'
import { computed, watch } from 'vue'
import { createI18n } from 'vue-i18n'
import en from '../locales/en.json'
import zh from '../locales/zh-CN.json'
import type { CodeName } from '../protocol'
import { language } from './preferences'

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'en',
  messages: { en, 'zh-CN': zh } as never,
  missingWarn: false,
  fallbackWarn: false,
})

watch(language, (value) => {
  ;(i18n.global.locale as unknown as { value: string }).value = value
})

export const elementLocale = computed(() => (language.value === 'zh-CN' ? zhElement : enElement))

export const t = i18n.global.t as (key: string, values?: Record<string, unknown>) => string
export const hasText = i18n.global.te as (key: string) => boolean

export function codeName(list: CodeName[], code: string): string {
  const found = list.find((item) => item.code === code)
  if (!found) return code
  return (language.value === 'zh-CN' ? found.name_zh : found.name_en) || found.name_en || code
}
