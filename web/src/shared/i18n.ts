import enElement from 'element-plus/es/locale/lang/en'
import zhElement from 'element-plus/es/locale/lang/zh-cn'
import { computed, watch } from 'vue'
import { createI18n } from 'vue-i18n'
import en from '../locales/en.json'
import zh from '../locales/zh-CN.json'
import type { CodeName, QueueCard } from '../protocol'
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

// The typed translator of vue-i18n is too deep for the compiler with plain string keys.
const translator = i18n.global as unknown as {
  t: (key: string, values?: Record<string, unknown>) => string
  te: (key: string) => boolean
}
export const t = translator.t
export const hasText = translator.te

export function codeName(list: CodeName[], code: string): string {
  const found = list.find((item) => item.code === code)
  if (!found) return code
  return (language.value === 'zh-CN' ? found.name_zh : found.name_en) || found.name_en || code
}

// What people call the queue; its name in the configuration when it has no title.
export const queueTitle = (queue: QueueCard): string =>
  (language.value === 'zh-CN' ? queue.title_zh : queue.title_en) || queue.title_en || queue.name
