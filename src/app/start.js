import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/** `npm start`: the server, and a link to sign in to it. */
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/clarity-loop'))
const { main } = await import('./main.ts')
process.exitCode = await main(['serve', '--sign-in', ...process.argv.slice(2)])
