import '../../look/records.css'
import type { ComponentType } from 'react'
import type { Scope } from '../../../../src/model/principal.ts'
import { PartsPage } from '../../parts/parts-page.tsx'
import { Nothing, Waiting } from '../../parts/states.tsx'
import { pathTo } from '../../router.ts'
import { useFeed } from '../../state/feed.ts'
import { type Reader, useReader } from '../../state/person.ts'
import { type May, useMay } from '../../state/session.ts'
import { useTexts } from '../../texts/texts.tsx'
import { AccessPart } from './access-log.tsx'
import { ConsentsPart } from './consents.tsx'
import { ErasePart } from './erase.tsx'
import { ExportPart } from './export.tsx'
import { RetentionPart } from './retention.tsx'
import { SessionsPart } from './sessions.tsx'
import { SharingPart } from './sharing.tsx'
import { SourcesPart } from './sources.tsx'

export interface PartProps {
  readonly userId: string
  readonly reader: Reader
  readonly may: May
}

/** What may be seen of a person, in the order of navigation, each with what it takes to be shown. */
const parts = {
  sources: { scope: 'profile:read', Show: SourcesPart },
  sessions: { scope: 'sessions:read', Show: SessionsPart },
  consents: { scope: 'profile:read', Show: ConsentsPart },
  sharing: { scope: 'profile:read', Show: SharingPart },
  access: { scope: 'profile:read', Show: AccessPart },
  retention: { scope: 'profile:read', Show: RetentionPart },
  export: { scope: 'exports:write', Show: ExportPart },
  erase: { scope: 'profile:write', Show: ErasePart },
} as const satisfies Readonly<Record<string, { readonly scope: Scope; readonly Show: ComponentType<PartProps> }>>

type PartName = keyof typeof parts
const names = Object.keys(parts) as readonly PartName[]

/** All that is kept of a person and what they can do about it, one subject at a time. */
export function MyDataPage({ userId, part }: { readonly userId: string; readonly part: string | undefined }) {
  useFeed(userId)
  const { text } = useTexts()
  const reader = useReader(userId)
  const may = useMay()
  const open = names.filter((name) => may(parts[name].scope))
  const current = open.find((name) => name === (part ?? open[0]))
  if (open.length === 0) return <Waiting />
  const Show = current === undefined ? undefined : parts[current].Show
  return (
    <PartsPage
      title={text('page.myData')}
      current={current ?? ''}
      parts={open.map((name) => ({ name, title: text(`myData.${name}`), href: pathTo('myDataPart', { userId, part: name }) }))}
    >
      {Show === undefined ? (
        <Nothing title={text('app.notFound')} text={text('app.notFound.text')} />
      ) : (
        <Show userId={userId} reader={reader} may={may} />
      )}
    </PartsPage>
  )
}
