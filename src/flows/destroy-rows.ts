import { valueIn } from '../model/json-text.ts'
import { deletesOf, MOST_FOLDERS, type Step } from './archive-rows.ts'
import { type AgedRow, folderOf, objectOf } from './archived-row.ts'
import { leaveSharing } from './leave-sharing.ts'
import type { PersonRun } from './lifecycle-state.ts'
import type { KindRetention } from './person-retention.ts'
import type { FileDeps } from './session-files.ts'

/** Of documents in one step. */
const ROOM = 2000

/** Hot documents whose time is over go for good, with their objects. */
export async function destroyRows(
  deps: FileDeps,
  run: PersonRun,
  pages: AsyncIterable<readonly AgedRow[]>,
  { kind, goneBefore }: KindRetention,
  { onStep }: Step,
): Promise<number> {
  let destroyed = 0
  let step: AgedRow[] = []
  const folders = new Set<string>()
  const settle = async () => {
    if (step.length === 0) return
    await run.begin()
    const shared = await leaveSharing(
      deps,
      run.userId,
      step.filter((row) => objectOf(row)?.offset !== undefined),
    )
    const doomed = [...new Set([...shared, ...step.flatMap(objectsOf)])]
    await run.commit(deletesOf(step), { doomed, destroyedBefore: { [kind]: goneBefore } })
    destroyed += step.length
    await onStep(step.length)
    step = []
    folders.clear()
  }
  for await (const rows of pages)
    for (const row of rows) {
      step.push(row)
      folders.add(folderOf(row.path))
      if (step.length === ROOM || folders.size === MOST_FOLDERS) await settle()
    }
  await settle()
  return destroyed
}

/** Those that are a row's own: its samples, or the file that was imported. */
function objectsOf(row: AgedRow): string[] {
  const samples = objectOf(row)
  const own = samples !== undefined && samples.offset === undefined ? [samples.key] : []
  const original = valueIn(row.body, ['original'])
  return typeof original === 'string' ? [...own, original] : own
}
