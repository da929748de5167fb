import { Problem } from '../model/problem.ts'

/** Every place where a test may stop the stores: each is reached just after what its name says. */
export const failpoints = [
  'documents:migrated-one',
  'documents:begun',
  'documents:written-one',
  'documents:written-all',
  'documents:committed',
  'documents:scrubbed',
  'blobs:opened',
  'blobs:written',
  'blobs:synced',
  'blobs:renamed-one',
  'blobs:folders-synced',
  'blobs:unlinked',
] as const

/** Beside them, those of a store of objects over HTTP. */
export const objectFailpoints = ['blobs:part-sent', 'blobs:stored'] as const

/** Those of the store of keys. */
export const keyFailpoints = ['keys:root-drafted', 'keys:root-replaced', 'keys:committed', 'keys:written-one'] as const

export type Failpoint = (typeof failpoints)[number] | (typeof objectFailpoints)[number] | (typeof keyFailpoints)[number]

export interface FailpointOptions {
  /** Called at each failpoint; what it throws comes out of the call under way. */
  readonly failpoint?: (name: Failpoint) => void
}

interface Plan {
  readonly name: string
  readonly act: () => void
  /** The one time at which it acts; absent for every time. */
  readonly nth?: number
}

/**
 * What `NAME:ACTION[@N]`, several joined by commas, asks for: an action is `kill` (SIGKILL, no word is said), `throw`, or
 * `delay(MS)`, in which the whole process stands still; with `@N` only at the Nth time that the name is reached. The name
 * `*` is all of them, counted together. Throws `Problem('wrong_use')`.
 */
export function failpointsOf(setting: string): (name: Failpoint) => void {
  const plans = setting.split(',').map((part) => planOf(part.trim()))
  const reached = plans.map(() => 0)
  return (name) => {
    plans.forEach((plan, at) => {
      if (plan.name !== name && plan.name !== '*') return
      const times = (reached[at] ?? 0) + 1
      reached[at] = times
      if (plan.nth === undefined || plan.nth === times) plan.act()
    })
  }
}

const names: readonly string[] = [...failpoints, ...objectFailpoints, ...keyFailpoints]

function planOf(part: string): Plan {
  const { name, action, ms, nth } = /^(?<name>.+):(?<action>kill|throw|delay\((?<ms>\d+)\))(?:@(?<nth>[1-9]\d*))?$/.exec(part)?.groups ?? {}
  if (name === undefined || action === undefined)
    throw new Problem('wrong_use', `A failpoint is NAME:kill, NAME:throw or NAME:delay(MS), with @N for the Nth time only; not ${part}`)
  if (name !== '*' && !names.includes(name))
    throw new Problem('wrong_use', `There is no failpoint ${name}. There are: ${names.join(', ')}, and * for all.`)
  return { name, act: actionOf(name, action, Number(ms)), ...(nth !== undefined && { nth: Number(nth) }) }
}

function actionOf(name: string, action: string, ms: number): () => void {
  if (action === 'kill') return () => process.kill(process.pid, 'SIGKILL')
  if (action === 'throw')
    return () => {
      throw new Error(`Stopped at the failpoint ${name}`)
    }
  return () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
