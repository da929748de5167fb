import { type DrawDeps, type DrawnBeside, type DrawnBy, drawNew } from '../flows/draw-session.ts'
import { idPattern } from '../model/text.ts'
import { readSession } from './read-session.ts'

/**
 * How the session of a body, in the pieces in which it came, is drawn up in another thread; undefined where that has enough to do or none is
 * there, and for a body that is not worth it.
 */
export type DrawBeside = (pieces: readonly Uint8Array[]) => Draw | undefined

/** Undefined where this thread has to look at the body. */
type Draw = (by: DrawnBy) => Promise<DrawnBeside | undefined>

/** Undefined for a body that is refused, or fails: why, whoever looks at it again is told. */
export function drawBody(deps: DrawDeps, bytes: Uint8Array, by: DrawnBy): DrawnBeside | undefined {
  try {
    const session = readSession(bytes)
    if (session.userId !== undefined && session.userId !== by.userId) return undefined
    const { sessionId, startMs } = session
    return { session: { sessionId, startMs }, ...drawNew(deps, session, by) }
  } catch {
    return undefined
  }
}

const NEAR_BYTES = 512

/** The id of the session of a body, as it seems before that is read; undefined where it is not near the beginning. */
export function likelyIdIn([first]: readonly Uint8Array[]): string | undefined {
  const said = /"sessionId":\s*"([\w-]+)"/.exec(Buffer.from(first?.subarray(0, NEAR_BYTES) ?? []).toString('latin1'))?.[1]
  return said !== undefined && idPattern.test(said) ? said : undefined
}
