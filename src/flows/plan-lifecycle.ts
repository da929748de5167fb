import type { Archive } from '../model/archive.ts'
import type { RetentionPolicies } from '../model/retention.ts'
import { endOf } from '../model/retention-age.ts'
import type { Ageing } from '../model/retention-kind.ts'
import type { PersonForecast } from '../model/retention-view.ts'
import { formatInstant } from '../model/time.ts'
import { documentsOf, goneBeforeOf } from './age-person.ts'
import { agedRows, firstFrom } from './aged-rows.ts'
import type { ArchiveDeps } from './archived-documents.ts'
import { archivedRows } from './archived-row.ts'
import { findConfiguration } from './configuration.ts'
import { all } from './every.ts'
import { findHold } from './legal-holds.ts'
import { type KnownUser, requireUser } from './manage-user.ts'
import { type KindRetention, retentionOf } from './person-retention.ts'

type Deps = ArchiveDeps

/** What a run would do with a person's data as of an instant, and when the next of them would be due. Writes nothing. */
export async function forecastPerson(deps: Deps, userId: string, atMs: number): Promise<PersonForecast> {
  const { user } = await requireUser(deps, userId)
  const { configuration } = await findConfiguration(deps)
  return forecast(deps, configuration.dataRetentionPolicies, userId, user, atMs)
}

export async function forecast(
  deps: Deps,
  policies: RetentionPolicies,
  userId: string,
  user: KnownUser,
  atMs: number,
): Promise<PersonForecast> {
  const at = formatInstant(atMs)
  const hold = await findHold(deps, userId)
  const kinds = await Promise.all(
    retentionOf(policies, user.preferences, at).map(
      async (retention) => [retention.kind, await forecastKind(deps, userId, retention)] as const,
    ),
  )
  return { userId, at, held: hold !== undefined, kinds: Object.fromEntries(kinds) as PersonForecast['kinds'] }
}

type KindForecast = PersonForecast['kinds']['rawData']

async function forecastKind(deps: Deps, userId: string, retention: KindRetention): Promise<KindForecast> {
  const { kind, wish, hot, total, hotBefore, goneBefore } = retention
  const archives = await archivesOf(deps, userId, kind)
  let [archive, destroy] = [0, await countExpired(deps, archives, goneBeforeOf(kind, goneBefore))]
  const firsts: string[] = []
  for (const ageing of documentsOf(kind)) {
    const due = await countDue(deps, userId, ageing, retention)
    archive += due.archive
    destroy += due.destroy
    const first = await firstFrom(deps, userId, ageing, ageing.staysHot ? goneBefore : hotBefore)
    if (first !== undefined) firsts.push(first)
  }
  const archivedFirsts = archives.map(({ from }) => from).filter((from) => from >= goneBefore.slice(0, from.length))
  return {
    wish,
    hotFor: hot,
    keptFor: total,
    archivedBefore: hotBefore.slice(0, 10),
    destroyedBefore: goneBefore.slice(0, 10),
    archived: archives.reduce((sum, { documents }) => sum + documents.rows, 0),
    toArchive: archive,
    toDestroy: destroy,
    ...earliest('nextArchiveAt', hot === total ? [] : ends(hot, firsts)),
    ...earliest('nextDestroyAt', ends(total, [...firsts, ...archivedFirsts])),
  }
}

async function archivesOf({ documents }: Deps, userId: string, kind: KindRetention['kind']): Promise<Archive[]> {
  const query = { collection: 'archives', parent: `users/${userId}`, index: 'kind', equals: [kind] }
  return (await all<Archive>(documents, query)).map(({ body }) => body)
}

/** Of a month that is partly over its file says how many. */
async function countExpired(deps: Deps, archives: readonly Archive[], before: string): Promise<number> {
  let count = 0
  for (const archive of archives) {
    if (archive.from >= before) continue
    count += archive.to < before ? archive.documents.rows : (await archivedRows(deps, archive)).filter(({ at }) => at < before).length
  }
  return count
}

function ends(age: KindRetention['hot'], begins: readonly string[]): string[] {
  return begins.flatMap((begin) => endOf(age, begin) ?? [])
}

async function countDue(
  deps: Deps,
  userId: string,
  ageing: Ageing,
  { hotBefore, goneBefore }: KindRetention,
): Promise<{ archive: number; destroy: number }> {
  let [archive, destroy] = [0, 0]
  for await (const rows of agedRows(deps, userId, ageing, hotBefore)) {
    const gone = rows.filter(({ at }) => at < goneBefore).length
    destroy += gone
    if (!ageing.staysHot) archive += rows.length - gone
  }
  return { archive, destroy }
}

function earliest<Name extends string>(name: Name, times: readonly string[]): { readonly [N in Name]?: string } {
  const [first] = times.toSorted()
  return first === undefined ? {} : ({ [name]: first } as { readonly [N in Name]?: string })
}
