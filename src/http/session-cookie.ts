import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'

const NAME = 'clarity_session'

/** Said by scripts of our own pages only: a page of elsewhere that adds a header of its own is asked first whether it may, and may not. */
const ASKED_BY = 'x-requested-by'

// Only the API is told the session, and only on calls that begin at this site.
const flags = 'Path=/v1; HttpOnly; SameSite=Strict'

export function newCookie(session: string, maxAgeS: number): string {
  return `${NAME}=${session}; Max-Age=${maxAgeS}; ${flags}`
}

export const endedCookie = `${NAME}=; Max-Age=0; ${flags}`

/**
 * Lets the dashboard call the API by its cookie. A cookie alone opens nothing: browsers send it with whatever another port of this machine
 * asks for, so the call must also say that a script made it, and its browser that the script came from here.
 */
export function acceptCookies(server: FastifyInstance): void {
  server.addHook('onRequest', ({ headers }, _reply, done) => {
    const session = headers.authorization === undefined && isOurs(headers) ? sessionIn(headers.cookie) : undefined
    if (session !== undefined) headers.authorization = `Bearer ${session}`
    done()
  })
  server.addHook('onSend', ({ protocol }, reply, _payload, done) => {
    const cookie = reply.getHeader('set-cookie')
    if (typeof cookie === 'string' && protocol === 'https') reply.header('set-cookie', `${cookie}; Secure`)
    done()
  })
}

function isOurs(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  return headers[ASKED_BY] !== undefined && (site === undefined || site === 'same-origin')
}

/** Of two cookies of the name one was planted from elsewhere, and which is not told: neither counts. */
export function sessionIn(cookies = ''): string | undefined {
  const [session, other] = cookies
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${NAME}=`))
  return other === undefined ? session?.slice(NAME.length + 1) : undefined
}
