// Turns src/locales/*.json into message syntax trees at build time, so that the pages need no message parser.
import { baseCompile } from '@intlify/message-compiler'
import type { Plugin } from 'vite'

type Messages = { [key: string]: string | Messages }

function compiled(messages: Messages, path: string): unknown {
  return Object.fromEntries(
    Object.entries(messages).map(([key, value]) => {
      if (typeof value !== 'string') return [key, compiled(value, `${path}.${key}`)]
      const { ast } = baseCompile(value, {
        onError: (error) => {
          throw new Error(`${path}.${key}: ${error.message}`)
        },
      })
      return [key, stripped(ast)]
    }),
  )
}

// Positions in the source are of use to an editor only.
function stripped(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(stripped)
  if (node === null || typeof node !== 'object') return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !['loc', 'source', 'start', 'end'].includes(key))
      .map(([key, value]) => [key, stripped(value)]),
  )
}

export function locales(): Plugin {
  return {
    name: 'switchboard-locales',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/locales\/[\w-]+\.json$/.test(id)) return null
      const messages = JSON.parse(code) as Messages
      return { code: JSON.stringify(compiled(messages, id)), map: null }
    },
  }
}
