// The chat widget: one small file without dependencies, for any shop's page.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2020',
    emptyOutDir: false,
    minify: 'esbuild',
    lib: {
      entry: fileURLToPath(new URL('src/widget/main.ts', import.meta.url)),
      formats: ['iife'],
      name: 'SwitchboardWidget',
      fileName: () => 'widget.js',
    },
  },
})
