import { describe, expect, it } from 'vitest'
import { consoleAddress } from '../src/shared/console_socket'

describe('the address of the console', () => {
  const url = 'wss://example.test/ws/console'
  it('is bare for an agent who comes anew', () => {
    expect(consoleAddress(url, 0, false)).toBe(url)
  })
  it('says from where to resume', () => {
    expect(consoleAddress(url, 42, false)).toBe(`${url}?since=42`)
  })
  it('asks to observe for the board, also when resuming', () => {
    expect(consoleAddress(url, 0, true)).toBe(`${url}?observe=1`)
    expect(consoleAddress(url, 42, true)).toBe(`${url}?observe=1&since=42`)
  })
})
