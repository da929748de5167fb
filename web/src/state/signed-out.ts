import { Problem } from '../../../src/model/problem.ts'
import { go, pathTo } from '../router.ts'

/** Whatever was asked, an answer that says that nobody is signed in leads to where one signs in. */
export function leaveIfSignedOut(error: unknown): void {
  if (error instanceof Problem && (error.code === 'unauthorized' || error.code === 'token_expired'))
    go(pathTo('signIn', {}), { isInstead: true })
}
