import { parseArgs } from 'node:util'
import { Problem, problems } from '../model/problem.ts'
import type { Command } from './command.ts'
import { audit } from './commands/audit.ts'
import { backup } from './commands/backup.ts'
import { copy } from './commands/copy.ts'
import { day } from './commands/day.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { erase } from './commands/erase.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { insight } from './commands/insight.ts'
import { jobs } from './commands/jobs.ts'
import { keys } from './commands/keys.ts'
import { lake } from './commands/lake.ts'
import { lifecycle } from './commands/lifecycle.ts'
import { models } from './commands/models.ts'
import { restore } from './commands/restore.ts'
import { serve } from './commands/serve.ts'
import { sleep } from './commands/sleep.ts'
import { synth } from './commands/synth.ts'
import { trends } from './commands/trends.ts'
import { users } from './commands/users.ts'
import { verifyReceipt } from './commands/verify-receipt.ts'
import { readConfig } from './config.ts'
import { remoteFlags, remoteOf } from './remote.ts'

const commands: Readonly<Record<string, Command>> = {
  serve,
  import: importCommand,
  insight,
  day,
  trends,
  sleep,
  models,
  users,
  jobs,
  keys,
  doctor,
  synth,
  demo,
  backup,
  restore,
  copy,
  lake,
  audit,
  export: exportCommand,
  erase,
  'verify-receipt': verifyReceipt,
  lifecycle,
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe went away: nothing more to say, and no failure.
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
/** Runs one command line; the exit code is 0 done, 1 failed, 2 wrong use. */
export async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json')
  try {
    return await runCommand(words)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    say(`${error.detail}\n${problems[error.code].advice} (${error.code})\n`)
    for (const { pointer, message } of error.errors ?? []) say(`  ${pointer}: ${message}\n`)
    if (json)
      process.stdout.write(
        `${JSON.stringify({ problem: { code: error.code, title: problems[error.code].title, detail: error.detail } })}\n`,
      )
    return WRONG_USE.has(error.code) ? 2 : 1
  }
}

/** What was said on the command line was wrong: nothing was tried. */
const WRONG_USE = new Set(['wrong_use', 'invalid_id', 'invalid_timezone'])

async function runCommand(words: readonly string[]): Promise<number> {
  const name = words.find((word) => !word.startsWith('-'))
  if (name === undefined) {
    process.stdout.write(overview())
    return words.includes('--help') || words.includes('-h') ? 0 : 2
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new Problem('wrong_use', `There is no command ${JSON.stringify(name)}.`)
  const rest = words.toSpliced(words.indexOf(name), 1)
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(helpOf(name, command))
    return 0
  }
  const { positionals, flags, json } = parse(command, rest)
  const [word] = positionals
  if (word !== undefined && !command.takesWords) throw new Problem('wrong_use', `${name} takes no ${JSON.stringify(word)}.`)
  const config = readConfig()
  const remote = command.isRemote && remoteOf(flags, config)
  return command.run({ positionals, flags, json, config, ...(remote && { remote }), out: (text) => void process.stdout.write(text), say })
}

function say(text: string): void {
  process.stderr.write(text)
}

function parse(
  command: Command,
  words: readonly string[],
): { positionals: string[]; flags: Record<string, string | undefined>; json: boolean } {
  const options = Object.fromEntries(
    Object.entries(flagsOf(command)).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...options, json: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    })
    const flags = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === true ? '' : String(value)]))
    return { positionals, flags, json: values.json === true }
  } catch (cause) {
    throw new Problem('wrong_use', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function flagsOf({ flags, isRemote }: Command): Command['flags'] {
  return isRemote ? { ...flags, ...remoteFlags } : flags
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`)
  return `clarity COMMAND …\n\n${lines.join('\n')}\n\nEvery command has --help and --json. Data live in CLARITY_DATA (./data), or with the server of --url.\n`
}

function helpOf(name: string, command: Command): string {
  const { summary, usage } = command
  const all = { ...flagsOf(command), json: { help: 'one JSON value (or one a line) on standard output, and nothing else there' } }
  const lines = Object.entries(all).map(
    ([flag, { value, help }]: [string, { value?: string; help: string }]) =>
      `  ${`--${flag}${value === undefined ? '' : ` ${value}`}`.padEnd(18)} ${help}`,
  )
  return `clarity ${name} ${usage}\n\n${summary}\n\n${lines.join('\n')}\n`
}
