import { encodeLakeFile, type LakeDay, type LakeSample, lakeDayColumns, lakeSampleColumns } from '../columns/lake-file.ts'
import type { Lake } from '../ports/lake.ts'

export interface LakeFile {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

export interface LakePartsDeps {
  readonly lake: Lake
  /** Hex. */
  readonly sha256: (bytes: Uint8Array) => string
}

/** Rows that wait, of all partitions together: what fits in memory. */
const MOST_WAITING = 200_000

/** Rows by metric and month; each partition grows by a numbered file whenever too many wait. */
export interface LakeParts {
  addDay(metric: string, row: LakeDay): Promise<void>
  addSample(metric: string, row: LakeSample): Promise<void>
  /** Writes what waits, and says every file. */
  finish(): Promise<readonly LakeFile[]>
}

export function openLakeParts(deps: LakePartsDeps): LakeParts {
  const written: LakeFile[] = []
  const days = openTable('days', lakeDayColumns)
  const samples = openTable('samples', lakeSampleColumns)
  let waiting = 0

  function openTable<Row extends { readonly date: string }>(table: string, columns: Parameters<typeof encodeLakeFile<Row>>[0]) {
    const partitions = new Map<string, Row[]>()
    const counts = new Map<string, number>()
    return {
      add(metric: string, row: Row): void {
        const partition = `${table}/metric=${metric}/month=${row.date.slice(0, 7)}`
        const rows = partitions.get(partition)
        if (rows === undefined) partitions.set(partition, [row])
        else rows.push(row)
      },
      async flush(): Promise<void> {
        for (const [partition, rows] of partitions) {
          const part = counts.get(partition) ?? 0
          counts.set(partition, part + 1)
          const path = `${partition}/part-${String(part).padStart(5, '0')}.parquet`
          const bytes = encodeLakeFile(columns, rows)
          await deps.lake.put(path, bytes)
          written.push({ path, rows: rows.length, bytes: bytes.length, sha256: deps.sha256(bytes) })
        }
        partitions.clear()
      },
    }
  }

  async function flush(): Promise<void> {
    await days.flush()
    await samples.flush()
    waiting = 0
  }

  async function counted(add: () => void): Promise<void> {
    add()
    waiting += 1
    if (waiting >= MOST_WAITING) await flush()
  }

  return {
    addDay: (metric, row) => counted(() => days.add(metric, row)),
    addSample: (metric, row) => counted(() => samples.add(metric, row)),
    async finish() {
      await flush()
      return written
    },
  }
}
