import type { Cache } from '../../ports/cache.ts'

/** The cache of a process that has none: nobody ever answers. Beside others that share one, its writes turn theirs off. */
export const noCache: Cache = {
  memory: () => undefined,
  get: async (keys) => keys.map(() => undefined),
  set: async () => false,
  delete: async () => false,
  deleteMatching: async () => false,
  increment: async () => undefined,
  publish: async () => false,
  subscribe: async () => ({ close: async () => undefined }),
}
