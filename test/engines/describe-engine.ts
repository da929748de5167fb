import { describe, expect, test } from 'vitest'

interface Missing {
  /** What would have to be installed or set. */
  readonly missing: string
}

/** Defines tests on an engine. Where it is missing they skip under a name that says so; in CI that is a failure. */
export function describeEngine<Engine extends object>(name: string, engine: Engine | Missing, define: (engine: Engine) => void): void {
  if (!('missing' in engine)) {
    describe(name, () => define(engine))
    return
  }
  describe(`${name} (skipped: needs ${engine.missing})`, () => {
    test.skipIf(process.env.CI === undefined)('the engine is there, as CI must have it', () => {
      expect(engine).not.toHaveProperty('missing')
    })
  })
}
