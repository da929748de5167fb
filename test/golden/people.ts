import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../src/app/config.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { daysBetween } from '../../src/flows/days-between.ts'
import { insightsBetween } from '../../src/flows/find-insights.ts'
import { importFile } from '../../src/flows/import-file.ts'
import type { ByteSource } from '../../src/importers/byte-source.ts'
import type { Day } from '../../src/model/day.ts'
import type { ImportReport } from '../../src/model/import.ts'
import type { StoredInsight } from '../../src/model/insight.ts'
import { type SynthesisOptions, synthesise } from '../../src/synthetic/synthesise.ts'
import type { Truth } from '../../src/synthetic/truth.ts'

/**
 * The real house in a folder of its own, which goes when the house does. `reopened` is the house of the next process: then use only that.
 * No model stages nights unless `settings` say so: the truth of invented people is that of the rules.
 */
export async function temporaryHouse(
  settings: Pick<Config, 'stagedNights'> = { stagedNights: 'none' },
): Promise<House & { readonly folder: string; reopened(): Promise<House> }> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-golden-'))
  const config = { ...settings, data: folder }
  let house = await openHouse(config)
  return {
    ...house,
    folder,
    async reopened() {
      await house[Symbol.asyncDispose]()
      house = await openHouse(config)
      return house
    },
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

export interface Export {
  readonly source: ByteSource
  readonly truth: Truth
}

export function synthetic(options: SynthesisOptions): Export {
  const { chunks, truth } = synthesise(options)
  const source = sourceOf([...chunks].join(''))
  return { source, truth: truth() }
}

export function sourceOf(text: string): ByteSource {
  const bytes = Buffer.from(text)
  return { length: bytes.length, read: async (from, to) => bytes.subarray(from, to) }
}

/** As `clarity import` does it: sessions, then days and insights. */
export async function imported(house: House, source: ByteSource, zone: string): Promise<ImportReport> {
  const { report } = await importFile(house, { userId: 'robin', fileName: 'export.xml', source, zone })
  await analyseDirtyDays(house, 'robin')
  return report
}

export async function daysOf(house: House): Promise<Day[]> {
  return (await daysBetween(house, 'robin', '0001-01-01', '9999-12-30')).map(({ body }) => body)
}

export function insightsOf(house: House): Promise<StoredInsight[]> {
  return insightsBetween(house, 'robin', '0001-01-01', '9999-12-30')
}
