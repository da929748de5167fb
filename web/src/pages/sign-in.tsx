import { useEffect, useState } from 'react'
import { Problem } from '../../../src/model/problem.ts'
import { adviceOf } from '../parts/states.tsx'
import { go, pathTo } from '../router.ts'
import { clientWith } from '../state/client.ts'
import { forget } from '../state/store.ts'
import { useTexts } from '../texts/texts.tsx'

// What stands behind the # is sent to nobody, and must not stay in the history. Read once, whatever is rendered how often.
const secret = location.pathname === pathTo('signIn', {}) ? location.hash.slice(1) : ''
if (secret !== '') history.replaceState(null, '', location.pathname)

/** Exchanges the link that the server printed for a session of this browser. */
export function SignInPage() {
  const { text } = useTexts()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    if (secret === '') return
    clientWith(secret)
      .signInBrowser({})
      .then(() => {
        forget()
        go(pathTo('home', {}), { isInstead: true })
      })
      .catch(setError)
  }, [])
  const isWorking = secret !== '' && error === undefined
  const isUsed = error instanceof Problem && error.code === 'unauthorized'
  const said =
    error === undefined ? text(isWorking ? 'signIn.working' : 'signIn.text') : isUsed ? text('signIn.used') : adviceOf(error, text)
  return (
    <main id="content" className="nothing" tabIndex={-1}>
      <h1>{isWorking ? text('app.name') : text('signIn.title')}</h1>
      <p role="status">{said}</p>
    </main>
  )
}
