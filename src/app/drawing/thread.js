import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// As `cli.js` does: a thread loads its code anew.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/clarity-loop'))
await import('./draw-orders.ts')
