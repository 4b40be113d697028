import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { locales } from './vite.locales'

const page = (name: string) => fileURLToPath(new URL(`${name}.html`, import.meta.url))
const server = process.env.SB_SERVER ?? 'http://127.0.0.1:8090'

export default defineConfig({
  plugins: [
    locales(),
    vue(),
    {
      name: 'switchboard-pages',
      configureServer(dev) {
        dev.middlewares.use((request, _response, next) => {
          request.url = request.url?.replace(/^\/(agent|supervisor|explain|planner|login|demo-shop)(\?|$)/, '/$1.html$2')
          next()
        })
      },
    },
  ],
  resolve: { alias: { 'vue-i18n': 'vue-i18n/dist/vue-i18n.runtime.mjs' } },
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['agent', 'supervisor', 'explain', 'planner', 'login', 'demo-shop'].map(page) },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': server,
      '/chat': server,
      '/ws': { target: server, ws: true, changeOrigin: true, headers: { origin: server } },
    },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
})
