import { expect, test } from 'vitest'
import { exportText, steps } from '../../test/golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import type { StoredSession } from '../model/session.ts'
import { deleteSession } from './delete-session.ts'

test('179: what a person deleted is not brought back by the same export', async () => {
  await using house = await temporaryHouse()
  const text = exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200), steps('phone', '2024-06-13', '08:00', '09:00', 800)])
  await imported(house, sourceOf(text), 'America/New_York')
  const sessions = async () => {
    const page = await house.documents.list<StoredSession>({
      collection: 'healthSessions',
      parent: 'users/robin',
      index: 'userStart',
      limit: 10,
    })
    return page.data.map(({ body }) => body)
  }
  const [first] = await sessions()
  await deleteSession(house, 'robin', first?.sessionInfo.sessionId ?? '')
  expect(await imported(house, sourceOf(text), 'America/New_York')).toMatchObject({ accepted: 0, duplicate: 2, sessions: 0 })
  expect(await sessions()).toHaveLength(1)
})
