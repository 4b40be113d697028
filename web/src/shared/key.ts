// A key nobody else will choose. randomUUID exists only on secure pages; consoles on a plain intranet address work too.
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
