import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { FirestoreMock } from '@firebase-bridge/firestore-admin'
import { Firestore } from '@google-cloud/firestore'
import type { FirestoreOptions } from '../../src/adapters/documents/firestore-client.ts'
import { freePort } from './free-port.ts'
import { endOf } from './kill.ts'

export interface FirestoreEngine {
  /** Names an empty store at each call. */
  newUrl(): string
  /** The way to it for `openFirestoreDocuments`. */
  readonly options: FirestoreOptions
}

export interface FirestoreEmulator extends FirestoreEngine {
  /** For `FIRESTORE_EMULATOR_HOST` of other processes. */
  readonly host: string
  /** As an operator, past all rules. */
  client(url: string): Firestore
  /** Undefined where `FIRESTORE_EMULATOR_HOST` names one that runs already. */
  readonly process: ChildProcess | undefined
  stop(): Promise<void>
}

/** Google's emulator on loopback: the one named by `FIRESTORE_EMULATOR_HOST`, else a new one of the Google Cloud SDK. */
export async function startFirestore({ own = false } = {}): Promise<FirestoreEmulator | { readonly missing: string }> {
  // The client would look for Google's metadata server before it speaks to an emulator.
  process.env.METADATA_SERVER_DETECTION ??= 'none'
  const named = process.env.FIRESTORE_EMULATOR_HOST
  if (named !== undefined && !own) return emulatorAt(named, undefined, async () => undefined)
  const jar = emulatorJar()
  if (jar === undefined) return { missing: "Google's Firestore emulator (gcloud components install cloud-firestore-emulator, Java 17)" }
  const host = `127.0.0.1:${await freePort()}`
  const emulator = await startJava(jar, host)
  const stopAtExit = () => emulator.kill('SIGKILL')
  process.on('exit', stopAtExit)
  return emulatorAt(host, emulator, async () => {
    process.off('exit', stopAtExit)
    const ended = endOf(emulator)
    emulator.kill('SIGKILL')
    await ended
  })
}

/**
 * The client over a Firestore in this process. The package brings an older client of its own; what stands for the network
 * is taken from it.
 */
export function firestoreInProcess(): FirestoreEngine {
  const mock = new FirestoreMock()
  return {
    newUrl() {
      const url = projectUrl()
      mock.createDatabase(projectOf(url))
      return url
    },
    options: {
      connect(settings) {
        const client = new Firestore(settings)
        const theirs = mock.getDatabase(settings.projectId).firestore()
        return Object.assign(client, { _clientPool: Reflect.get(theirs, '_clientPool') })
      },
    },
  }
}

function emulatorAt(host: string, emulator: ChildProcess | undefined, stop: () => Promise<void>): FirestoreEmulator {
  const options: FirestoreOptions = { connect: (settings) => new Firestore({ ...settings, host, ssl: false }) }
  return {
    host,
    process: emulator,
    newUrl: projectUrl,
    options,
    client: (url) => new Firestore({ projectId: projectOf(url), host, ssl: false }),
    stop,
  }
}

let projects = 0

/** An emulator has any project that is named, empty at first. */
function projectUrl(): string {
  projects += 1
  return `firestore://clarity-${process.pid}-${Date.now().toString(36)}-${projects}`
}

export function projectOf(url: string): string {
  return url.slice('firestore://'.length)
}

function emulatorJar(): string | undefined {
  const java = /version "(\d+)/.exec(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr ?? '')?.[1]
  if (Number(java) >= 17 === false) return undefined
  const programs = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'gcloud'))
  const gcloud = programs.find((program) => existsSync(program))
  const roots = [...(gcloud === undefined ? [] : [dirname(dirname(realpathSync(gcloud)))]), '/usr/lib/google-cloud-sdk']
  return roots.map((root) => join(root, 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar')).find((jar) => existsSync(jar))
}

/** Without the shell script around it, so that there is one process to end. */
async function startJava(jar: string, host: string): Promise<ChildProcess> {
  const [address, port] = host.split(':')
  const flags = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx512m', '-Duser.language=en']
  const main = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore'
  const emulator = spawn('java', [...flags, '-cp', jar, main, `--host=${address}`, `--port=${port}`], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    emulator.once('error', reject)
    emulator.once('exit', () => reject(new Error(`The Firestore emulator did not start: ${said.join('\n')}`)))
    for (const stream of [emulator.stdout, emulator.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        if (said.length < 100) said.push(line)
        if (line.includes('Dev App Server is now running')) resolve()
      })
  })
  return emulator
}
