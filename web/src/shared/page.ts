// What every page does first.
import { createApp, type Component } from 'vue'
import './styles'
import { i18n } from './i18n'

export function startPage(root: Component): void {
  createApp(root).use(i18n).mount('#app')
}
