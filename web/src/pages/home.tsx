import { useEffect, useState } from 'react'
import { Failure, Waiting } from '../parts/states.tsx'
import { go, pathTo } from '../router.ts'
import { loadAhead } from '../state/ahead.ts'
import { client } from '../state/client.ts'
import { readNote } from '../state/sending-note.ts'
import { readSetting } from '../state/settings.ts'
import { leaveIfSignedOut } from '../state/signed-out.ts'

/** Decides where one begins: an empty house invites, a file that is being imported is shown, else today. */
export function HomePage() {
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    findWhere()
      .then((where) => go(where, { isInstead: true }))
      .catch((failure: unknown) => {
        leaveIfSignedOut(failure)
        setError(failure)
      })
  }, [])
  return error === undefined ? <Waiting /> : <Failure error={error} />
}

async function findWhere(): Promise<string> {
  if (readNote() !== undefined) return pathTo('start', {})
  const remembered = readSetting('person')
  const importsOf = async (userId: string) => (await client.listImports({ params: { userId } })).body.data
  // Asked at once for whom it probably is. That they are gone is seen by the list of people.
  const likely = remembered === '' ? undefined : importsOf(remembered)
  likely?.catch(() => undefined)
  const people = (await client.listUsers({ query: { limit: 100 } })).body.data
  const { userId } = people.find((person) => person.userId === remembered) ?? people[0] ?? {}
  if (userId === undefined) return pathTo('start', {})
  loadAhead({ name: 'today', params: { userId } })
  const imports = await (userId === remembered && likely !== undefined ? likely : importsOf(userId))
  const underWay = imports.findLast(({ status }) => status === 'processing')
  return underWay === undefined ? pathTo('today', { userId }) : pathTo('arriving', { userId, importId: underWay.importId })
}
