import type { Documents, ListQuery, Page, Stored, Write } from '../../ports/documents.ts'
import type { Method, Side } from './messages.ts'

/** Asks another thread. */
export type Ask = (side: Side, actingFor: readonly string[], method: Method, argument: unknown) => Promise<unknown>

/** Documents that another thread has. Nothing is claimed through it: a claim's change is a function, and stays where it is. */
export function distantDocuments(ask: Ask, side: Side, actingFor: readonly string[] = []): Documents & AsyncDisposable {
  const asked = (method: Method, argument: unknown) => ask(side, actingFor, method, argument)
  return {
    get: <T>(path: string) => asked('get', path) as Promise<Stored<T> | undefined>,
    list: <T>(query: ListQuery) => asked('list', query) as Promise<Page<T>>,
    async batch(writes: readonly Write[]) {
      await asked('batch', writes)
    },
    async claim() {
      throw new Error('A job in a lane of its own claims nothing')
    },
    actingFor: (userId) => distantDocuments(ask, side, [userId]),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
}

/** What `distantDocuments` asks, of documents that are here. */
export function answerAsked(documents: Documents, actingFor: readonly string[], method: Method, argument: unknown): Promise<unknown> {
  const [userId] = actingFor
  const whose = userId === undefined ? documents : documents.actingFor(userId)
  switch (method) {
    case 'get':
      return whose.get(argument as string)
    case 'list':
      return whose.list(argument as ListQuery)
    case 'batch':
      return whose.batch(argument as readonly Write[])
  }
}
