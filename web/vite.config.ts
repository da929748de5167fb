import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { api } from '../src/api/api.ts'
import type { Api } from '../src/api/endpoint.ts'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), endpoints()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: join(import.meta.dirname, 'index.html'), 'sending-worker': join(import.meta.dirname, 'src/sending/worker.ts') },
      output: {
        // A worker is known by its address, and asked for again each time.
        entryFileNames: ({ name }) => (name === 'sending-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        codeSplitting: { groups: [{ name: 'charts', test: /node_modules[\\/](?:echarts|zrender)/ }] },
      },
    },
  },
})

/** The table of endpoints as far as a client sends by it: without schemas, and so without what checks them. */
function endpoints(): Plugin {
  const name = 'virtual:endpoints'
  return {
    name,
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? `export const endpoints = ${JSON.stringify(sentBy(api))}` : undefined),
  }
}

function sentBy(table: Api): object {
  const rows = Object.entries(table).map(([name, { method, path, reply, body }]) => [
    name,
    { method, path, reply: { type: reply.type }, ...(body && { body: { type: body.type } }) },
  ])
  return Object.fromEntries(rows)
}
