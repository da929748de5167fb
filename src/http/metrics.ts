import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Done } from './server.ts'

export interface MetricSources {
  /** Calls that are worked on now. */
  readonly inFlight: () => number
  /** How late the process's timers are, ms. */
  readonly delayMs: () => number
  readonly jobsByStatus: () => Promise<Readonly<Record<string, number>>>
}

export interface Metrics {
  onDone(done: Done): void
  /** As Prometheus reads it. */
  text(): Promise<string>
  readonly contentType: string
}

/** What the server tells of itself: endpoints by name, statuses and codes, never an id or an address. */
export function makeMetrics({ inFlight, delayMs, jobsByStatus }: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'clarity_' })
  const requests = new Counter({
    name: 'clarity_http_requests_total',
    help: 'Calls answered, by endpoint, status and problem code',
    labelNames: ['endpoint', 'status', 'code'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'clarity_http_request_duration_seconds',
    help: 'Time to answer a call, by endpoint',
    labelNames: ['endpoint'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
    registers,
  })
  addGauge(registry, 'clarity_http_in_flight', 'Calls that are worked on now', inFlight)
  addGauge(registry, 'clarity_event_loop_delay_seconds', 'How late timers of the process are', () => delayMs() / 1000)
  addJobs(registry, jobsByStatus)
  return {
    onDone({ endpoint = 'none', status, code = '', ms }) {
      requests.inc({ endpoint, status: String(status), code })
      durations.observe({ endpoint }, ms / 1000)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function addGauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value())
    },
  })
}

function addJobs(registry: Registry, jobsByStatus: MetricSources['jobsByStatus']): void {
  new Gauge({
    name: 'clarity_jobs',
    help: 'Jobs that are not over, and those that failed, by status',
    labelNames: ['status'] as const,
    registers: [registry],
    async collect() {
      for (const [status, count] of Object.entries(await jobsByStatus())) this.set({ status }, count)
    },
  })
}
