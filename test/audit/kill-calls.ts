import { usersApi } from '../../src/api/users.ts'
import type { House } from '../../src/app/house.ts'
import { keepAccount } from '../../src/http/account.ts'
import { type UsersDeps, usersHandlers } from '../../src/http/handlers/users.ts'
import { type Answered, asking } from '../http/asking.ts'

/** Robin reads or changes who he is. */
export function askOnce(house: House, what: 'get' | 'put'): Promise<Answered> {
  const parts = { api: usersApi, handlers: usersHandlers, deps: house, account: keepAccount<UsersDeps>(house) }
  const ask = asking<typeof usersApi, UsersDeps>(parts, house)
  if (what === 'get') return ask('robin', 'GET /v1/users/robin')
  const headers = { 'if-match': '"1"' }
  return ask('robin', 'PATCH /v1/users/robin', { body: { profile: { displayName: 'Robin' } }, headers })
}
