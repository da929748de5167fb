/** Names, counts and codes: nothing that was measured, and nobody's id. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>

export interface SpanStart {
  readonly kind: 'server' | 'consumer'
  /** W3C `traceparent` of whoever asked; what is none of that form begins a trace of its own. */
  readonly parent?: string | undefined
  readonly facts: SpanFacts
}

/** Adds to the span what is known only later. */
export type Note = (facts: SpanFacts) => void

/**
 * Tells what took how long, to whoever the operator named. Never in the way: what cannot be told is dropped, and what `work` gives or throws
 * comes out as it is; of what is thrown its class or code is told, and never its sentence.
 */
export interface Tracer {
  /** Work that somebody asked for. */
  span<T>(name: string, start: SpanStart, work: (note: Note) => Promise<T>): Promise<T>
  /** A part of the work around it; outside of any, it is not told. */
  step<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T>
  /** The `traceparent` of the work around, to be handed on. */
  current(): string | undefined
}
