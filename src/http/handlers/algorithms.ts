import type { algorithmsApi } from '../../api/algorithms.ts'
import { algorithms } from '../../model/algorithms.ts'
import type { Handlers } from '../call.ts'

export const algorithmsHandlers: Handlers<typeof algorithmsApi, unknown> = {
  listAlgorithms: () => Promise.resolve({ body: { data: [...algorithms] } }),
}
