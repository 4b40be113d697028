// One computation on the server at a time: its progress, how to stop it, and what was wrong with the question.
import { onBeforeUnmount, reactive } from 'vue'
import { ApiError } from '../shared/api'
import { reasonText } from '../shared/toast'
import { planner, type Progress } from './plan'

const kPollMs = 700

export interface Run {
  busy: boolean
  seconds: number
  progress: Progress | null
  problem: string
  field: string // of the body, when one is to blame
  line: number // of the text in it; 0: none
}

export function useRun(): { run: Run; start: <T>(work: () => Promise<T>) => Promise<T | null>; stop: () => void } {
  const run = reactive<Run>({ busy: false, seconds: 0, progress: null, problem: '', field: '', line: 0 })
  let timer: ReturnType<typeof setInterval> | undefined

  async function look(begun: number): Promise<void> {
    run.seconds = Math.round((Date.now() - begun) / 1000)
    run.progress = await planner.progress().catch(() => run.progress)
  }

  async function start<T>(work: () => Promise<T>): Promise<T | null> {
    if (run.busy) return null
    const begun = Date.now()
    Object.assign(run, { busy: true, seconds: 0, progress: null, problem: '', field: '', line: 0 })
    timer = setInterval(() => void look(begun), kPollMs)
    try {
      return await work()
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError(0, 'unknown', String(error))
      run.field = known.field ?? ''
      run.line = known.line ?? 0
      run.problem = run.field ? known.message.replace(`${run.field}: `, '') : reasonText(known.code, known.message)
      return null
    } finally {
      clearInterval(timer)
      run.busy = false
    }
  }

  onBeforeUnmount(() => clearInterval(timer))
  return { run, start, stop: () => void planner.stop().catch(() => undefined) }
}
