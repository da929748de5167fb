import type { api } from '../api/api.ts'
import type { Handlers } from './call.ts'

/** What the handlers need from outside, all of them together; each asks for its part. */
export type HandlerDeps = object

/** The table's promises kept: one handler an endpoint, by the same name. */
export const handlers: Handlers<typeof api, HandlerDeps> = {}
