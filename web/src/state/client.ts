import { endpoints } from 'virtual:endpoints'
import type { api } from '../../../src/api/api.ts'
import { type Client, makeClient } from '../../../src/client/client.ts'

export type HouseClient = Client<typeof api>

/** The API as whoever is signed in at this browser. */
export const client: HouseClient = makeClient<typeof api>(endpoints, { url: location.origin })

/** The API for one exchange with the secret of a link. */
export function clientWith(token: string): HouseClient {
  return makeClient<typeof api>(endpoints, { url: location.origin, token })
}

/** The API for a file of which one wants to know how much was sent. */
export function uploadingClient(onSent: (bytes: number) => void): HouseClient {
  return makeClient<typeof api>(endpoints, { url: location.origin, send: (address, init) => sendCounting(address, init, onSent) })
}

/** `fetch` says nothing of what it has sent; the older interface does. */
function sendCounting(address: RequestInfo | URL, init: RequestInit = {}, onSent: (bytes: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(init.method ?? 'GET', String(address))
    for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () => resolve(new Response(request.responseText, { status: request.status, headers: headersOf(request) }))
    request.onerror = () => reject(new TypeError('The connection was lost.'))
    request.onabort = () => reject(new DOMException('Stopped.', 'AbortError'))
    init.signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(init.body as XMLHttpRequestBodyInit)
  })
}

function headersOf(request: XMLHttpRequest): Headers {
  const lines = request.getAllResponseHeaders().trim().split(/\r?\n/)
  return new Headers(lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
}
