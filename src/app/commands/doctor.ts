import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { fillWarehouse } from '../../flows/fill-warehouse.ts'
import { findStrays } from '../../flows/find-strays.ts'
import { Problem } from '../../model/problem.ts'
import { openBackupFolder } from '../backup-folder.ts'
import type { Command, Flags, Run } from '../command.ts'
import type { Config } from '../config.ts'
import type { Finding } from '../finding.ts'
import { type House, openHouse } from '../house.ts'
import { storesOf } from '../stores.ts'
import { backupFindings, storeFindings, unfinishedFinding, wallFinding } from '../verification.ts'

const LEAST_FREE = 0.05

export const doctor: Command = {
  summary: 'Checks the runtime, the data folder and every session’s samples, and says what to do.',
  usage: '[--repair] [--verify [--against DIR]]',
  flags: {
    repair: { help: 'remove objects that no document names (a crash may leave some), and make the warehouse’s rows again' },
    verify: { help: 'count the documents, and read every object and compare its SHA-256' },
    against: { value: 'DIR', help: 'with --verify: also this backup, and the store against it' },
  },
  async run(run) {
    if (run.flags.against !== undefined && run.flags.verify === undefined) throw new Problem('wrong_use', '--against goes with --verify.')
    const findings = [runtime(), ...folder(run), ...(await store(run))]
    const ok = findings.every((finding) => finding.ok)
    run.out(run.json ? `${JSON.stringify({ ok, findings })}\n` : findings.map(line).join(''))
    return ok ? 0 : 1
  },
}

function line({ ok, check, says, advice }: Finding): string {
  return `${ok ? 'ok  ' : 'BAD '} ${check}: ${says}${advice === undefined ? '' : `\n     ${advice}`}\n`
}

function runtime(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  const says = `Node ${process.versions.node}`
  return major >= 26
    ? { check: 'runtime', ok: true, says }
    : { check: 'runtime', ok: false, says, advice: 'Start it through npm after npm ci: that puts the right Node first.' }
}

function folder({ config }: Run): Finding[] {
  const path = config.data
  if (!existsSync(path)) return [{ check: 'data folder', ok: true, says: `${path} will be made by the first import` }]
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch {
    return [
      {
        check: 'data folder',
        ok: false,
        says: `${path} cannot be written`,
        advice: 'Give this user the right to write there, or set CLARITY_DATA.',
      },
    ]
  }
  const { bavail, blocks, bsize } = statfsSync(path)
  const free = {
    check: 'free space',
    ok: bavail / blocks > LEAST_FREE,
    says: `${((bavail * bsize) / 1e9).toFixed(1)} GB of ${((blocks * bsize) / 1e9).toFixed(1)} GB`,
  }
  return [
    { check: 'data folder', ok: true, says: path },
    free.ok ? free : { ...free, advice: 'Make room: a full disk stops every import.' },
  ]
}

async function store({ config, flags }: Run): Promise<Finding[]> {
  if (!existsSync(config.data)) return []
  try {
    await using house = await openHouse(config, 'clarity doctor', { evenUnfinished: true })
    return [
      ...(await unfinishedFinding(house)),
      ...(await wallFinding(storesOf(config).documents)),
      ...(await samples(house, flags)),
      ...(await analytics(house, flags)),
      ...(await verification(house, config, flags)),
    ]
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'store_in_use')) throw error
    return [{ check: 'store', ok: false, says: `${error.detail} Its samples were not checked.`, advice: error.advice }]
  }
}

async function samples(house: House, flags: Flags): Promise<Finding[]> {
  const { sessions, missing, damaged, strays } = await findStrays(house, flags.repair !== undefined)
  const lost = missing.length + damaged.length
  return [
    {
      check: 'samples',
      ok: lost === 0,
      says: `${sessions} sessions; ${missing.length} objects missing, ${damaged.length} damaged`,
      ...(lost > 0 && {
        advice: `Restore from a backup: ${[...missing, ...damaged].slice(0, 3).join(', ')}. Or import the original again.`,
      }),
    },
    {
      check: 'strays',
      ok: strays === 0 || flags.repair !== undefined,
      says: flags.repair === undefined ? `${strays} objects that no document names` : `${strays} objects removed that no document named`,
      ...(strays > 0 && flags.repair === undefined && { advice: 'They only take space: clarity doctor --repair removes them.' }),
    },
  ]
}

/** The warehouse is made of the days: after a move to another engine, or with a new one, its rows are made again. */
async function analytics(house: House, { repair }: Flags): Promise<Finding[]> {
  if (repair === undefined) return []
  return [{ check: 'warehouse', ok: true, says: `${await fillWarehouse(house)} rows made again from the days` }]
}

async function verification(house: House, config: Config, { verify, against }: Flags): Promise<Finding[]> {
  if (verify === undefined) return []
  const findings = await storeFindings(house)
  if (against === undefined) return findings
  await using backup = await openBackupFolder(against, 'clarity doctor', { ...config, mayBegin: false })
  return [...findings, ...(await backupFindings(house.lying, backup))]
}
