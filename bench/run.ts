import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

// Every bench, one after the other. Each can be run alone with its own flags: node bench/import.ts --mb 100 --runs 1
const here = import.meta.dirname
if (!existsSync(join(here, 'peers/node_modules')))
  spawnSync('npm', ['ci', '--ignore-scripts', '--prefix', join(here, 'peers')], { stdio: 'inherit' })
for (const name of [
  'import.ts',
  'parquet.ts',
  'storage.ts',
  'documents.ts',
  'analysis.ts',
  'staging.ts',
  'api.ts',
  'analytics.ts',
  'sealing.ts',
  'lifecycle.ts',
  'rights.ts',
  'audit.ts',
  'dashboard.ts',
]) {
  console.log(`\n${name}`)
  const { status } = spawnSync(process.execPath, [join(here, name), ...process.argv.slice(2)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
