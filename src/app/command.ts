import type { Config } from './config.ts'
import type { Remote } from './remote.ts'

export interface Flag {
  /** What follows the flag, for the help; absent for a switch. */
  readonly value?: string
  readonly help: string
}

export type Flags = Readonly<Record<string, string | undefined>>

export interface Run {
  readonly positionals: readonly string[]
  readonly flags: Flags
  readonly json: boolean
  readonly config: Config
  /** The server that is to be asked, where `--url` or the settings name one; only for a command that `isRemote`. */
  readonly remote?: Remote
  /** Standard output: the answer, and nothing else. */
  readonly out: (text: string) => void
  /** Standard error: progress and messages. */
  readonly say: (text: string) => void
}

/** One word of the command line. Returns the exit code; throws `Problem`, where `wrong_use` exits with 2. */
export interface Command {
  readonly summary: string
  readonly usage: string
  readonly flags: Readonly<Record<string, Flag>>
  /** Words after the command that are no flags; without it there are none. */
  readonly takesWords?: true
  /** A server can be asked for it too: then it says the same, and takes `--url` and `--key-file`. */
  readonly isRemote?: true
  run(run: Run): Promise<number>
}
