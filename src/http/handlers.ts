import type { api } from '../api/api.ts'
import type { AskBackupDeps } from '../flows/ask-backup.ts'
import type { CohortDeps } from '../flows/cohort.ts'
import type { ConsentDeps } from '../flows/consents.ts'
import type { FindAuditDeps } from '../flows/find-audit.ts'
import type { FollowDeps } from '../flows/follow-events.ts'
import type { GrantDeps } from '../flows/grants.ts'
import type { KeyDeps } from '../flows/keys.ts'
import type { JobDeps } from '../flows/manage-jobs.ts'
import type { SyntheticDeps } from '../flows/take-synthetic.ts'
import type { WebhookDeps } from '../flows/webhooks.ts'
import type { WriteDeps } from '../flows/write-session.ts'
import type { Handlers } from './call.ts'
import { algorithmsHandlers } from './handlers/algorithms.ts'
import { auditHandlers } from './handlers/audit.ts'
import { cohortHandlers } from './handlers/cohort.ts'
import { consentsHandlers } from './handlers/consents.ts'
import { daysHandlers } from './handlers/days.ts'
import { erasuresHandlers } from './handlers/erasures.ts'
import { eventsHandlers } from './handlers/events.ts'
import { exportsHandlers } from './handlers/exports.ts'
import { importsHandlers } from './handlers/imports.ts'
import { insightsHandlers } from './handlers/insights.ts'
import { jobsHandlers } from './handlers/jobs.ts'
import { keysHandlers } from './handlers/keys.ts'
import { type ModelDeps, modelsHandlers } from './handlers/models.ts'
import { permissionsHandlers } from './handlers/permissions.ts'
import { type DrawBesideDeps, sessionsHandlers } from './handlers/sessions.ts'
import { signInHandlers } from './handlers/sign-in.ts'
import { type SystemDeps, systemHandlers } from './handlers/system.ts'
import { timeseriesHandlers } from './handlers/timeseries.ts'
import { type TrendsDeps, trendsHandlers } from './handlers/trends.ts'
import { uploadsHandlers } from './handlers/uploads.ts'
import { type UsersDeps, usersHandlers } from './handlers/users.ts'
import { webhooksHandlers } from './handlers/webhooks.ts'

/** What the handlers need from outside, all of them together; each asks for its part. */
export type HandlerDeps = AskBackupDeps &
  ConsentDeps &
  GrantDeps &
  KeyDeps &
  UsersDeps &
  JobDeps &
  SyntheticDeps &
  FollowDeps &
  WebhookDeps &
  ModelDeps &
  TrendsDeps &
  CohortDeps &
  SystemDeps &
  FindAuditDeps &
  DrawBesideDeps &
  WriteDeps

/** The table's promises kept: one handler an endpoint, by the same name. */
export const handlers: Handlers<typeof api, HandlerDeps> = {
  ...consentsHandlers,
  ...keysHandlers,
  ...permissionsHandlers,
  ...signInHandlers,
  ...usersHandlers,
  ...erasuresHandlers,
  ...exportsHandlers,
  ...sessionsHandlers,
  ...timeseriesHandlers,
  ...daysHandlers,
  ...insightsHandlers,
  ...trendsHandlers,
  ...cohortHandlers,
  ...modelsHandlers,
  ...algorithmsHandlers,
  ...systemHandlers,
  ...auditHandlers,
  ...jobsHandlers,
  ...importsHandlers,
  ...uploadsHandlers,
  ...eventsHandlers,
  ...webhooksHandlers,
}
