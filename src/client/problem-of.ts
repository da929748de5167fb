import { type FieldProblem, isProblemCode, Problem } from '../model/problem.ts'

/** What a refusal says, as the server threw it. An answer that is none of ours, and a fault of the server, is `unavailable`. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text()
  const { code, detail, errors, requestId } = readBody(text)
  if (code !== undefined && isProblemCode(code)) return new Problem(code, detail ?? code, { ...(errors && { errors }) })
  const where = requestId === undefined ? '' : ` (request ${requestId})`
  return new Problem('unavailable', `The server answered ${response.status}${where}.`)
}

interface ProblemText {
  readonly code?: string
  readonly detail?: string
  readonly requestId?: string
  readonly errors?: readonly FieldProblem[]
}

function readBody(text: string): ProblemText {
  try {
    return JSON.parse(text) ?? {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
