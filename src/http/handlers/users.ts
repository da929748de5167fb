import type { usersApi } from '../../api/users.ts'
import type { ArchiveDeps } from '../../flows/archived-documents.ts'
import { type ChangeDeps, changeUser, patched, replaced, type UserChange } from '../../flows/change-user.ts'
import { findConfiguration } from '../../flows/configuration.ts'
import { type AskErasureDeps, askForErasure } from '../../flows/erase-user.ts'
import type { KeyDeps } from '../../flows/keys.ts'
import { findUser, type KnownUser, type UserRecord } from '../../flows/manage-user.ts'
import { openAccount } from '../../flows/open-account.ts'
import { forecastPerson } from '../../flows/plan-lifecycle.ts'
import { makeReceiptKey } from '../../flows/receipt-key.ts'
import { userView } from '../../flows/user-view.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import { defaultSourcePriority } from '../../model/source.ts'
import { type PreferencesView, preferencesView } from '../../model/user-forms.ts'
import type { Documents } from '../../ports/documents.ts'
import { addressKey } from '../address-key.ts'
import type { Handlers } from '../call.ts'
import { listPage } from '../list-page.ts'

export type UsersDeps = Omit<ChangeDeps, 'addressKeyOf'> & AskErasureDeps & KeyDeps & ArchiveDeps

export const usersHandlers: Handlers<typeof usersApi, UsersDeps> = {
  async createUser(deps, { body, callId }) {
    const { userId = callId, ...account } = body
    await openAccount(deps, { userId, callId, account, addressKey: addressKey(account.profile.email) })
    return { body: { userId }, location: `/v1/users/${userId}` }
  },
  async listUsers({ documents }, call) {
    const { data, ...next } = await listPage<KnownUser>(documents, { collection: 'users' }, call)
    const listed = data.map(({ path, body: { metadata } }) => {
      const { createdAt, updatedAt } = metadata
      return { userId: path.slice('users/'.length), createdAt, updatedAt }
    })
    return { body: { data: listed, ...next } }
  },
  async getUser(deps, { params }) {
    const found = await foundUser(deps, params.userId)
    return { body: userView(deps, found), version: found.version }
  },
  async putUser(deps, call) {
    const changed = await change(deps, call, (user) => replaced(user, call.body))
    return { body: userView(deps, changed), version: changed.version }
  },
  async patchUser(deps, call) {
    const changed = await change(deps, call, (user) => patched(user, call.body))
    return { body: userView(deps, changed), version: changed.version }
  },
  async deleteUser(deps, { params }) {
    const { erasureId, job } = await askForErasure(deps, params.userId)
    const { jobId, type, status } = job
    const receiptKey = await makeReceiptKey(deps, erasureId)
    return { body: { jobId, type, status, erasureId, receiptKey }, location: `/v1/erasures/${erasureId}` }
  },
  async getPreferences(deps, { params }) {
    const { user, version } = await foundUser(deps, params.userId)
    return { body: await preferencesOf(deps, user), version }
  },
  async putPreferences(deps, call) {
    const { user, version } = await change(deps, call, (before) => ({ ...before, preferences: call.body }))
    return { body: await preferencesOf(deps, user), version }
  },
  async getRetention(deps, { params }) {
    await foundUser(deps, params.userId)
    return { body: await forecastPerson(deps, params.userId, deps.clock.nowMs()) }
  },
  async getSourcePriority(deps, { params }) {
    const { user, version } = await foundUser(deps, params.userId)
    return { body: user.sourcePriority ?? { order: [...defaultSourcePriority] }, version }
  },
  async putSourcePriority(deps, call) {
    const { version } = await change(deps, call, (user) => ({ ...user, sourcePriority: call.body }))
    return { body: call.body, version }
  },
}

async function preferencesOf(deps: { readonly documents: Documents }, { preferences }: KnownUser): Promise<PreferencesView> {
  const { configuration } = await findConfiguration(deps)
  return preferencesView(preferences, configuration.dataRetentionPolicies)
}

async function foundUser(deps: { readonly documents: Documents }, userId: string): Promise<UserRecord> {
  const found = await findUser(deps, userId)
  if (found === undefined) throw nothingThere()
  return found
}

interface ChangeCall {
  readonly params: { readonly userId: string }
  readonly ifMatch: number | undefined
  readonly callId: string
}

function change(deps: UsersDeps, { params, ifMatch, callId }: ChangeCall, how: UserChange['change']): Promise<UserRecord> {
  return changeUser({ ...deps, addressKeyOf: addressKey }, { userId: params.userId, change: how, ifVersion: ifMatch, workId: callId })
}
