import { Problem, type ProblemCode } from '../model/problem.ts'

/** A problem whose answer says more in its headers. */
export class Refusal extends Problem {
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, detail: string, headers: Readonly<Record<string, string>>) {
    super(code, detail)
    this.headers = headers
  }
}
