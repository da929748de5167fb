import type { erasuresApi } from '../../api/erasures.ts'
import { requireErasure } from '../../flows/erase-user.ts'
import { maySeeReceipt } from '../../flows/receipt-key.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import type { Documents } from '../../ports/documents.ts'
import type { Handlers } from '../call.ts'

export const erasuresHandlers: Handlers<typeof erasuresApi, { readonly documents: Documents }> = {
  async getErasure(deps, { params: { erasureId }, principal }) {
    if (!maySeeReceipt(principal, erasureId)) throw nothingThere()
    const erasure = await requireErasure(deps, erasureId)
    if (erasure.status !== 'erasing') return { body: erasure }
    const { status, requestedAt } = erasure
    return { body: { erasureId, status, requestedAt } }
  },
}
