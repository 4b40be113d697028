// How long to wait before trying to connect again: doubling with full jitter, so that a restarted server is not met
// by everybody in the same moment.
const kFirstMs = 500
const kMaxMs = 15_000

export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(kMaxMs, kFirstMs * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling / 2 + random() * (ceiling / 2))
}
