import { setTimeout as pause } from 'node:timers/promises'
import { bodyOf, samplesIn, stepOf } from './steps.ts'

export interface ClientOptions {
  readonly apis: readonly [string, string]
  readonly token: string
  /** The person it hands in for. */
  readonly lane: string
}

export interface Client {
  /** Hands in step `n`, over one process or the other and as often as it takes, until all of it is acknowledged. Throws for a wrong answer. */
  hand(n: number): Promise<void>
  /** How often a call was sent again. */
  readonly repeats: number
}

interface Ask {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  readonly key?: string
  readonly body?: string
  readonly type?: string
}

const againMs = 100
const answerMs = 20_000

/** A client that keeps to the rules: the same call with the same Idempotency-Key until there is an answer. */
export function openClient({ apis, token, lane }: ClientOptions): Client {
  const person = `/v1/users/${lane}`
  let repeats = 0
  let turn = 0

  function callOf({ method, key, body, type }: Ask): RequestInit {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(type !== undefined && { 'content-type': type }),
    }
    return { method, headers, ...(body !== undefined && { body }), signal: AbortSignal.timeout(answerMs) }
  }

  /** Undefined where there was no answer, or one that asks to be patient. */
  async function once(what: Ask): Promise<Reply | undefined> {
    turn += 1
    try {
      const reply = await fetch(`${apis[turn % 2]}${what.path}`, callOf(what))
      const text = await reply.text()
      const said = text === '' ? {} : JSON.parse(text)
      return reply.status === 503 || said.code === 'idempotency_in_flight' ? undefined : { status: reply.status, said }
    } catch (error) {
      if (isSilence(error)) return undefined
      throw error
    }
  }

  async function ask(what: Ask, wanted: readonly number[]): Promise<unknown> {
    for (;;) {
      const reply = await once(what)
      if (reply && wanted.includes(reply.status)) return reply.said
      if (reply) throw new Error(`${what.method} ${what.path} as ${what.key}: ${reply.status} ${JSON.stringify(reply.said)}`)
      repeats += 1
      await pause(againMs)
    }
  }

  return {
    get repeats() {
      return repeats
    },
    async hand(n) {
      const { session, deletes, file } = stepOf(lane, n)
      const path = `${person}/sessions`
      const receipt = await ask({ method: 'POST', path, key: `session-${n}`, body: bodyOf(session), type: 'application/json' }, [200, 201])
      checkReceipt(receipt, samplesIn(session))
      if (deletes !== undefined) await ask({ method: 'DELETE', path: `${path}/${deletes}` }, [204])
      if (file === undefined) return
      await ask(
        { method: 'POST', path: `${person}/imports?zone=UTC`, key: `file-${n}`, body: file.text, type: 'application/octet-stream' },
        [202],
      )
    },
  }
}

interface Reply {
  readonly status: number
  readonly said: unknown
}

/** The connection was refused, broke off within the answer, or nothing came in time. */
function isSilence(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')
}

function checkReceipt(said: unknown, samples: number): void {
  const { counts } = said as { counts: { received: number; accepted: number; duplicate: number } }
  // Handed in again after its key was let go, a session is there already.
  if (counts.received !== samples || counts.accepted + counts.duplicate !== samples)
    throw new Error(`of ${samples} samples the receipt tells ${JSON.stringify(counts)}`)
}
