import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { Problem } from '../../model/problem.ts'
import type { Tracer } from '../../ports/tracer.ts'

export interface OtlpOptions {
  /** Of a collector that speaks OTLP over HTTP, such as `http://127.0.0.1:4318`. */
  readonly endpoint: string
  readonly version: string
}

/** So long a collector may take for a batch; also when the process ends. */
const PATIENCE_MS = 2000

const kinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const

/** Spans by OpenTelemetry's own SDK, in batches. Disposed, it sends what waits. A collector that does not answer costs spans and nothing else. */
export function openOtlpTracer({ endpoint, version }: OtlpOptions): Tracer & AsyncDisposable {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: PATIENCE_MS })
  const resource = resourceFromAttributes({ 'service.name': 'clarity-loop', 'service.version': version })
  const provider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] })
  const tracer = provider.getTracer('clarity-loop', version)
  const around = new AsyncLocalStorage<Context>()

  async function within<T>(span: Span, parent: Context, work: () => Promise<T>): Promise<T> {
    try {
      return await around.run(trace.setSpan(parent, span), work)
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      span.setAttribute('error.type', error instanceof Problem ? error.code : error instanceof Error ? error.name : typeof error)
      throw error
    } finally {
      span.end()
    }
  }

  return {
    span(name, { kind, parent, facts }, work) {
      const from = contextOf(parent)
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes: { ...facts } }, from)
      return within(span, from, () => work((more) => span.setAttributes({ ...more })))
    },
    step(name, facts, work) {
      const from = around.getStore()
      return from === undefined ? work() : within(tracer.startSpan(name, { attributes: { ...facts } }, from), from, work)
    },
    current() {
      const context = trace.getSpan(around.getStore() ?? ROOT_CONTEXT)?.spanContext()
      if (context === undefined) return undefined
      return `00-${context.traceId}-${context.spanId}-${context.traceFlags.toString(16).padStart(2, '0')}`
    },
    async [Symbol.asyncDispose]() {
      // A collector that is gone must not keep the process from its end: its spans are lost.
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())
      await Promise.race([provider.shutdown().catch(() => undefined), late])
    },
  }
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function contextOf(traceparent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] =
    /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/.exec(traceparent ?? '') ?? []
  if (traceId === '') return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true })
}
