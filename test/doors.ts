/** The rooms that each room may import. ARCHITECTURE.md shows this table; the tools must agree with it. */
export const doors = {
  model: [],
  signal: [],
  analysis: ['model', 'signal'],
  columns: ['model'],
  ports: ['model'],
  importers: ['model', 'ports'],
  synthetic: ['model'],
  flows: ['model', 'analysis', 'columns', 'importers', 'ports'],
  api: ['model'],
  http: ['model', 'api', 'ports', 'flows'],
  worker: ['model', 'ports', 'flows'],
  client: ['model', 'api'],
  adapters: ['model', 'ports'],
  app: [
    'model',
    'signal',
    'analysis',
    'columns',
    'ports',
    'importers',
    'synthetic',
    'flows',
    'api',
    'http',
    'worker',
    'client',
    'adapters',
  ],
} as const satisfies Record<string, readonly string[]>

export type Room = keyof typeof doors

export const rooms = Object.keys(doors).filter(isRoom)

function isRoom(name: string): name is Room {
  return Object.hasOwn(doors, name)
}
