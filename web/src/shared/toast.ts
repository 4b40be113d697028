import { ElMessage } from 'element-plus'
import type { Reply } from '../protocol'
import { ApiError } from './api'
import { hasText, t } from './i18n'

function show(type: 'success' | 'error' | 'info' | 'warning', message: string): void {
  ElMessage({ type, message, grouping: true, showClose: type === 'error', duration: type === 'error' ? 6000 : 2600, offset: 60 })
}

export const toast = {
  done: (message: string) => show('success', message),
  tell: (message: string) => show('info', message),
  warn: (message: string) => show('warning', message),
  refused: (reply: Reply) => show('error', reasonText(reply.code ?? '', reply.message ?? '')),
  failed: (error: unknown) => show('error', errorText(error)),
}

// The reader's language first; the server's own words for a code we do not know.
export function reasonText(code: string, message: string): string {
  return hasText(`error.${code}`) ? t(`error.${code}`) : message || t('error.unknown', { code })
}

export function errorText(error: unknown): string {
  return error instanceof ApiError ? reasonText(error.code, error.message) : t('error.unknown', { code: String(error) })
}
