// Short tones made on the spot; browsers let us play only after the person has touched the page once.
import { soundOn } from './preferences'

let context: AudioContext | null = null

function unlock(): void {
  if (navigator.userActivation?.hasBeenActive === false) return
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
}

for (const event of ['pointerdown', 'keydown']) addEventListener(event, unlock, { capture: true, passive: true })

function tone(hertz: number, afterS: number, lengthS: number, loudness: number): void {
  if (!context || context.state !== 'running') return
  const start = context.currentTime + afterS
  const oscillator = context.createOscillator()
  const gain = context.createGain()
  oscillator.type = 'sine'
  oscillator.frequency.value = hertz
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(loudness, start + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.0001, start + lengthS)
  oscillator.connect(gain).connect(context.destination)
  oscillator.start(start)
  oscillator.stop(start + lengthS)
}

export function chime(): void {
  if (!soundOn.value) return
  tone(660, 0, 0.35, 0.16)
  tone(880, 0.16, 0.5, 0.16)
}

export function tick(): void {
  if (soundOn.value) tone(1046, 0, 0.12, 0.05)
}
