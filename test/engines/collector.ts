import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A span as OTLP/HTTP's JSON has it: https://opentelemetry.io/docs/specs/otlp/ */
export interface ToldSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
}

export interface Collector extends AsyncDisposable {
  readonly url: string
  /** As they came in. */
  readonly spans: ToldSpan[]
  /** Every byte that came. */
  said(): string
}

/** Takes OTLP over HTTP on the loopback and keeps it. */
export async function startCollector(): Promise<Collector> {
  const spans: ToldSpan[] = []
  let said = ''
  const server = createServer(async (request, response) => {
    const body = await text(request)
    said += body
    if (request.url === '/v1/traces')
      for (const { scopeSpans } of JSON.parse(body).resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans)
    response.setHeader('content-type', 'application/json').end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    said: () => said,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
