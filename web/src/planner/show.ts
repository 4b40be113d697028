// Numbers of plans in the reader's language.
import { language } from '../shared/preferences'
import type { Estimate } from './plan'

const format = (value: number, digits: number): string => new Intl.NumberFormat(language.value, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value)

export const percent = (share: number, digits = 0): string => `${format(share * 100, digits)}%`
export const seconds = (value: number): string => `${format(value, value < 10 && !Number.isInteger(value) ? 1 : 0)} s`
export const plain = (value: number, digits = 0): string => format(value, digits)

// The mean, and half the width of its confidence interval.
export function parts(estimate: Estimate | undefined, show: (value: number) => string): { mean: string; half: string } {
  if (!estimate || estimate.mean === null) return { mean: '–', half: '' }
  return { mean: show(estimate.mean), half: estimate.half_width === null ? '' : `±${show(estimate.half_width)}` }
}
