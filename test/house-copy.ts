import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** What a tool said: the file it names, from the root of the house, and its rule (`TS6307`, `lint/style/noEnum`, `exports plantedUnused`). */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

export interface Verdict {
  readonly code: number
  readonly findings: readonly Finding[]
  readonly output: string
}

export interface HouseCopy extends AsyncDisposable {
  plant(file: string, text: string): Promise<void>
  typescript(): Promise<Verdict>
  biome(): Promise<Verdict>
  knip(): Promise<Verdict>
}

/** A copy of the tracked kinds of files in the temporary folder, with the same packages; removed when disposed. */
export async function houseCopy(): Promise<HouseCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-house-'))
  const entries = (await readdir(root)).filter((name) => !notCopied.has(name))
  await Promise.all(
    entries.map((name) =>
      cp(join(root, name), join(folder, name), { recursive: true, filter: (path) => basename(path) !== 'node_modules' }),
    ),
  )
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return {
    async plant(file, text) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), text)
    },
    typescript: async () => typescriptVerdict(await run(folder, 'typescript/bin/tsc', '-b')),
    biome: async () =>
      biomeVerdict(
        await run(folder, '@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=none', '--reporter=json'),
        folder,
      ),
    knip: async () => knipVerdict(await run(folder, 'knip/bin/knip.js', '--reporter', 'json')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

const notCopied = new Set(['.git', 'node_modules', 'dist', 'data', 'shared', '.tmp'])

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function run(cwd: string, script: string, ...args: string[]): Promise<Ran> {
  const command = [join(root, 'node_modules', script), ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr })
    })
  })
}

function typescriptVerdict({ code, stdout, stderr }: Ran): Verdict {
  const findings = [...stdout.matchAll(/^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/gm)].map(
    ([, file = '', line, rule = '', message = '']): Finding => ({ file, line: Number(line), rule, message }),
  )
  return { code, findings, output: stdout + stderr }
}

interface BiomeReport {
  readonly diagnostics: readonly {
    readonly category: string
    readonly message: string
    readonly location: { readonly path: string; readonly start: { readonly line: number } }
  }[]
}

function biomeVerdict({ code, stdout, stderr }: Ran, folder: string): Verdict {
  const report: BiomeReport = JSON.parse(stdout)
  const findings = report.diagnostics.map(({ category, message, location }) => ({
    file: location.path.startsWith(folder) ? relative(folder, location.path) : location.path,
    line: location.start.line,
    rule: category,
    message,
  }))
  return {
    code,
    findings,
    output: findings.map(({ file, line, rule }) => `${file}:${line} ${rule}\n`).join('') + (code === 0 ? '' : stderr),
  }
}

interface KnipReport {
  readonly issues: readonly (Readonly<Record<string, readonly { readonly name: string; readonly line?: number }[]>> & {
    readonly file: string
  })[]
}

function knipVerdict({ code, stdout, stderr }: Ran): Verdict {
  const report: KnipReport = JSON.parse(stdout)
  const findings = report.issues.flatMap((issue) =>
    Object.entries(issue).flatMap(([kind, found]) =>
      Array.isArray(found) ? found.map(({ name, line = 0 }) => ({ file: issue.file, line, rule: `${kind} ${name}`, message: name })) : [],
    ),
  )
  return { code, findings, output: findings.map(({ file, rule }) => `${file} ${rule}\n`).join('') + (code === 0 ? '' : stderr) }
}
