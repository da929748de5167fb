import { setFlagsFromString } from 'node:v8'
import type { Command } from '../command.ts'

export const serve: Command = {
  summary: 'The server: API and worker, until it is told to end.',
  usage: '[--role all|api|worker] [--sign-in]',
  flags: {
    role: { value: 'ROLE', help: 'api answers, worker works off jobs, all does both (all)' },
    'sign-in': { help: 'print a link that signs in, once and within ten minutes' },
  },
  async run(run) {
    // The command's own flags keep an import small; a server that collects garbage so often answers half as much.
    setFlagsFromString('--heap-growing-percent=0')
    // What other commands do not need is loaded here.
    const code = await (await import('../serve/run.ts')).runServer(run)
    // All is done; what is left are waits of minutes that would hold the process.
    setTimeout(() => process.exit(code), 100).unref()
    return code
  },
}
