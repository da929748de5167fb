import { backUpKeys, restoreKeys } from '../../adapters/keys/key-backup.ts'
import { rotateRoot } from '../../adapters/keys/rotate-root.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { rotateKeys } from '../../flows/reseal.ts'
import { Problem } from '../../model/problem.ts'
import type { Run } from '../command.ts'
import { openHouse } from '../house.ts'
import { progressBar } from '../progress.ts'
import { keysOf } from '../stores.ts'

/** What is done to the keys that seal the data, beside a running server; `rotate` is a job of that server, where one holds the store. */
const verbs: Readonly<Record<string, (run: Run) => Promise<object>>> = {
  'rotate-root': async ({ config, say }) => {
    const place = keysOf(config)
    const people = await rotateRoot(place, config)
    say(
      `${people} people’s keys are wrapped with a new root key, in ${place.rootKey}. BACK IT UP NOW; the one before opens older copies of keys only.\n`,
    )
    return { people, rootKey: place.rootKey }
  },
  backup: async ({ config, flags, say }) => {
    const made = await backUpKeys(keysOf(config), said(flags.to, '--to DIR'), { nowMs: Date.now })
    say(`The wrapped keys of ${made.people} people are in ${made.file}; the root key is not. Older copies removed: ${made.removed}.\n`)
    return made
  },
  restore: async ({ config, flags, say }) => {
    const people = await restoreKeys(keysOf(config), said(flags.from, '--from DIR'))
    say(`Brought back the keys of ${people} people.\n`)
    return { people }
  },
}

export function isSealingVerb(verb: string): boolean {
  return verb === 'rotate' || Object.hasOwn(verbs, verb)
}

export async function runSealing(verb: string, run: Run): Promise<number> {
  if (verb === 'rotate') return rotate(run)
  if (run.remote) throw new Problem('wrong_use', `keys ${verb} works where the keys are: run it there, without --url.`)
  const done = await verbs[verb]?.(run)
  if (run.json) run.out(`${JSON.stringify(done)}\n`)
  return 0
}

async function rotate({ config, flags, json, out, say, remote }: Run): Promise<number> {
  const { user: userId } = flags
  if (remote) {
    const { body } = await remote.createJob({ body: { type: 'reseal', ...(userId !== undefined && { userId }), input: {} } })
    out(json ? `${JSON.stringify(body)}\n` : `${body.jobId}\n`)
    if (!json) say('The server seals everything anew with newer keys: clarity jobs show says how far it is.\n')
    return 0
  }
  await using house = await openHouse(config, 'clarity keys rotate')
  if (userId !== undefined) await requireUser(house, userId)
  const bar = progressBar(process.stderr, 'sealing', 'people', Date.now)
  const done = await rotateKeys(house, userId, bar.update)
  bar.end()
  const { people, documents, objects } = done
  out(
    json
      ? `${JSON.stringify(done)}\n`
      : `${people} people have newer keys; ${documents} documents and ${objects} objects were sealed with them.\n`,
  )
  return 0
}

function said(folder: string | undefined, how: string): string {
  if (folder === undefined) throw new Problem('wrong_use', `Which folder? Say ${how}.`)
  return folder
}
