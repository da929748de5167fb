import type { JobType } from '../model/job.ts'
import type { Tracer } from '../ports/tracer.ts'
import type { Task, Tasks } from './task.ts'

/** Each attempt as a span of the trace that queued its job. */
export function tracedTasks(tasks: Tasks, tracer: Tracer): Tasks {
  return Object.fromEntries(Object.entries(tasks).map(([type, task]) => [type, traced(type as JobType, task, tracer)]))
}

function traced(type: JobType, task: Task, tracer: Tracer): Task {
  return {
    ...task,
    run(run) {
      const { traceparent, attempts = 1 } = run.job
      const facts = { 'clarity.job.type': type, 'clarity.job.attempt': attempts }
      return tracer.span(`job ${type}`, { kind: 'consumer', parent: traceparent, facts }, () => task.run(run))
    },
  }
}
