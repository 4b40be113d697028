// Numbers of plans in the reader's language.
import { t } from '../shared/i18n'
import { language } from '../shared/preferences'
import type { Estimate } from './plan'

// What rounds to nothing has no sign.
const format = (value: number, digits: number): string =>
  new Intl.NumberFormat(language.value, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(Number(value.toFixed(digits)) || 0)

export const percent = (share: number, digits = 0): string => `${format(share * 100, digits)}%`
export const seconds = (value: number): string => `${format(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0)} ${t('planner.secondsUnit')}`
// Contacts per replication: a mean of few is not whole.
export const count = (value: number): string => format(value, Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0)
export const plain = (value: number, digits = 0): string => format(value, digits)

// The mean, and half the width of its confidence interval.
export function parts(estimate: Estimate | undefined, show: (value: number) => string): { mean: string; half: string } {
  if (!estimate || estimate.mean === null) return { mean: '–', half: '' }
  return { mean: show(estimate.mean), half: estimate.half_width === null ? '' : `±${show(estimate.half_width)}` }
}
