import { algorithmsApi } from './algorithms.ts'
import { auditApi } from './audit.ts'
import { cohortApi } from './cohort.ts'
import { consentsApi } from './consents.ts'
import { daysApi } from './days.ts'
import type { Api } from './endpoint.ts'
import { erasuresApi } from './erasures.ts'
import { eventsApi } from './events.ts'
import { exportsApi } from './exports.ts'
import { importsApi } from './imports.ts'
import { insightsApi } from './insights.ts'
import { jobsApi } from './jobs.ts'
import { keysApi } from './keys.ts'
import { modelsApi } from './models.ts'
import { permissionsApi } from './permissions.ts'
import { sessionsApi } from './sessions.ts'
import { signInApi } from './sign-in.ts'
import { systemApi } from './system.ts'
import { timeseriesApi } from './timeseries.ts'
import { trendsApi } from './trends.ts'
import { uploadsApi } from './uploads.ts'
import { usersApi } from './users.ts'
import { webhooksApi } from './webhooks.ts'

/** Every endpoint. One file a resource; the server, the client, OpenAPI and the access tests are made of this table. */
export const api = {
  ...consentsApi,
  ...keysApi,
  ...permissionsApi,
  ...signInApi,
  ...usersApi,
  ...erasuresApi,
  ...exportsApi,
  ...sessionsApi,
  ...timeseriesApi,
  ...daysApi,
  ...insightsApi,
  ...trendsApi,
  ...cohortApi,
  ...modelsApi,
  ...algorithmsApi,
  ...systemApi,
  ...auditApi,
  ...jobsApi,
  ...importsApi,
  ...uploadsApi,
  ...eventsApi,
  ...webhooksApi,
} as const satisfies Api
