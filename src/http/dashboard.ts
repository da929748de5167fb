import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { nothingThere } from '../model/nothing-there.ts'

export interface DashboardFile {
  readonly mediaType: string
  readonly plain: Buffer
  /** Absent where it would not be smaller. */
  readonly gzipped: Buffer | undefined
}

/** A file of the built dashboard by its path, such as `index.html`; undefined where there is none. Resolves once a build under way is done. */
export type DashboardFiles = (path: string) => Promise<DashboardFile | undefined>

/** The addresses of the dashboard's pages: its own router tells them apart. */
const pages = ['/', '/sign-in', '/start', '/people/*', '/erasures/*', '/operator', '/operator/*']

/** The dashboard at `/`: static files, the same for everybody. What they show they ask the API for, as whoever is signed in. */
export function addDashboard(server: FastifyInstance, files: DashboardFiles): void {
  for (const page of pages)
    server.get(page, async (request, reply) => {
      reply.headers(pageHeaders).header('cache-control', 'no-cache')
      const file = await files('index.html')
      return file === undefined ? reply.code(503).type('text/html; charset=utf-8').send(notBuilt) : sendFile(request, reply, file)
    })
  addWorker(server, files)
  server.get('/assets/*', async (request, reply) => {
    const { '*': name = '' } = request.params as Readonly<Record<string, string>>
    const file = await files(`assets/${name}`)
    if (file === undefined) throw nothingThere()
    // The name has the hash of the content.
    return sendFile(request, reply.header('cache-control', 'public, max-age=31536000, immutable'), file)
  })
}

/** Where a worker's script lies is where it may be: beside the pages, and asked for again whenever one starts it. */
function addWorker(server: FastifyInstance, files: DashboardFiles): void {
  server.get('/sending-worker.js', async (request, reply) => {
    const file = await files('sending-worker.js')
    if (file === undefined) throw nothingThere()
    reply.header('content-security-policy', workerPolicy).header('cache-control', 'no-cache')
    return sendFile(request, reply, file)
  })
}

const workerPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'"

/** Scripts, styles and data of this server and of no other; nothing in the page's own text runs, whatever it is made of. */
const policy = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'font-src', 'connect-src', 'manifest-src', 'worker-src'].map((kind) => `${kind} 'self'`),
  "img-src 'self' data: blob:",
  ...['frame-ancestors', 'base-uri', 'form-action', 'object-src'].map((kind) => `${kind} 'none'`),
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

const pageHeaders = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'x-frame-options': 'DENY',
}

function sendFile({ headers }: FastifyRequest, reply: FastifyReply, { mediaType, plain, gzipped }: DashboardFile): FastifyReply {
  reply.header('content-type', mediaType).header('x-content-type-options', 'nosniff').header('vary', 'accept-encoding')
  const takesGzip = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
  return takesGzip && gzipped !== undefined ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(plain)
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Clarity Loop</title>
<h1>The dashboard is not built here</h1>
<p>Run <code>npm ci</code> without leaving out the development packages, then <code>npm run build</code>, and start the server again.</p>
<p>The API answers meanwhile: <a href="/docs">its reference</a>.</p>
</html>
`
