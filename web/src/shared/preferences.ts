// What the person chose on this device: remembered in localStorage, shared by all pages.
import { ref, watch } from 'vue'

export type ThemeChoice = 'system' | 'light' | 'dark'
export type Language = 'en' | 'zh-CN'

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A private window without storage: the choice lasts as long as the page.
  }
}

const systemDark = matchMedia('(prefers-color-scheme: dark)')
const isTheme = (value: string | null): value is ThemeChoice => value === 'light' || value === 'dark' || value === 'system'

function firstLanguage(): Language {
  const chosen = stored('sb.language')
  if (chosen === 'en' || chosen === 'zh-CN') return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

const storedTheme = stored('sb.theme')
export const theme = ref<ThemeChoice>(isTheme(storedTheme) ? storedTheme : 'system')
export const dark = ref(false)
export const language = ref<Language>(firstLanguage())
export const soundOn = ref(stored('sb.sound') !== 'off')
export const languageChosen = (): boolean => stored('sb.language') !== null

function paint(): void {
  dark.value = theme.value === 'dark' || (theme.value === 'system' && systemDark.matches)
  document.documentElement.classList.toggle('dark', dark.value)
}

systemDark.addEventListener('change', paint)
watch(theme, (value) => {
  store('sb.theme', value)
  paint()
})
watch(soundOn, (value) => store('sb.sound', value ? 'on' : 'off'))
paint()
document.documentElement.lang = language.value

export function chooseLanguage(value: Language): void {
  language.value = value
  store('sb.language', value)
  document.documentElement.lang = value
}

export function toggleTheme(): void {
  theme.value = dark.value ? 'light' : 'dark'
}
