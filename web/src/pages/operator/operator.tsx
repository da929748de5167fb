import '../../look/records.css'
import { type ComponentType, useMemo } from 'react'
import type { Scope } from '../../../../src/model/principal.ts'
import { type Formats, formatsFor } from '../../format/format.ts'
import { PartsPage } from '../../parts/parts-page.tsx'
import { Nothing } from '../../parts/states.tsx'
import { pathTo } from '../../router.ts'
import { type May, useMay } from '../../state/session.ts'
import { useTexts } from '../../texts/texts.tsx'
import { AuditPart } from './audit.tsx'
import { JobsPart } from './jobs.tsx'
import { KeysPart } from './keys.tsx'
import { LifecyclePart } from './lifecycle.tsx'
import { ModelsPart } from './models.tsx'
import { MonitoringPart } from './monitoring.tsx'

export interface OperatorProps {
  /** By the clock of the browser: whoever runs a house looks at it from where they are. */
  readonly formats: Formats
  readonly may: May
}

/** In the order of navigation, each with what it takes to be shown. */
const parts = {
  jobs: { scopes: ['system:read', 'jobs:read'], Show: JobsPart },
  models: { scopes: ['system:read', 'models:read'], Show: ModelsPart },
  monitoring: { scopes: ['system:read'], Show: MonitoringPart },
  lifecycle: { scopes: ['system:read'], Show: LifecyclePart },
  keys: { scopes: ['system:read'], Show: KeysPart },
  audit: { scopes: ['audit:read'], Show: AuditPart },
} as const satisfies Readonly<Record<string, { readonly scopes: readonly Scope[]; readonly Show: ComponentType<OperatorProps> }>>

type PartName = keyof typeof parts
const names = Object.keys(parts) as readonly PartName[]

/** The house and not its people: work, models, state, what grows old, keys, the log. */
export function OperatorPage({ part }: { readonly part: string | undefined }) {
  const { text, locale } = useTexts()
  const may = useMay()
  const formats = useMemo(() => formatsFor({ locale, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, units: 'metric' }), [locale])
  const open = names.filter((name) => parts[name].scopes.every(may))
  const current = open.find((name) => name === (part ?? open[0]))
  const Show = current === undefined ? undefined : parts[current].Show
  if (Show === undefined) return <Nothing title={text('app.notFound')} text={text('operator.closed')} />
  return (
    <PartsPage
      title={text('page.operator')}
      current={current ?? ''}
      parts={open.map((name) => ({ name, title: text(`operator.${name}`), href: pathTo('operatorPart', { part: name }) }))}
    >
      <Show formats={formats} may={may} />
    </PartsPage>
  )
}
