#!/usr/bin/env -S MALLOC_ARENA_MAX=1 node --max-semi-space-size=8 --heap-growing-percent=30
import './module-loading.js'

const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
