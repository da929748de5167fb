import './module-loading.js'

/** `npm start`: the server, and a link to sign in to it. */
const { main } = await import('./main.ts')
process.exitCode = await main(['serve', '--sign-in', ...process.argv.slice(2)])
