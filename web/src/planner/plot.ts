export interface PlotSeries {
  label: string
  kind: 'bars' | 'marks' | 'points'
  tone: string // a colour token
  values: (number | null)[]
  half?: (number | null)[] // half the width of the confidence interval
}
