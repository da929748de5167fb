import { useCallback, useState } from 'react'
import type { Source } from '../../../../src/model/source.ts'
import { ActionError } from '../../parts/action.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'
import { useSources } from './recorded.ts'
import { SourceList } from './source-list.tsx'
import { orderOf, ranked } from './source-order.ts'

/** Who measured, and whose word counts where several did. */
export function SourcesPart({ userId, may }: PartProps) {
  const { text } = useTexts()
  const sources = useSources(userId)
  const load = useCallback(async () => {
    const { body, version } = await client.getSourcePriority({ params: { userId } })
    return { order: body.order, version }
  }, [userId])
  const priority = useLoaded(`${userId}/priority`, load)
  return (
    <>
      <PartHead title={text('myData.sources')} text={text('sources.text')} />
      <WhenLoaded loaded={sources}>
        {(found) => (
          <WhenLoaded loaded={priority}>
            {({ order, version }) =>
              found.length === 0 ? (
                <p className="quiet">{text('sources.none')}</p>
              ) : (
                <Order
                  key={`${version} ${order}`}
                  userId={userId}
                  sources={found}
                  order={order}
                  version={version}
                  mayChange={may('profile:write')}
                />
              )
            }
          </WhenLoaded>
        )}
      </WhenLoaded>
    </>
  )
}

interface OrderProps {
  readonly userId: string
  readonly sources: readonly Source[]
  readonly order: readonly string[]
  readonly version: number | undefined
  readonly mayChange: boolean
}

function Order({ userId, sources, order, version, mayChange }: OrderProps) {
  const { text } = useTexts()
  const [list, setList] = useState(() => ranked(sources, order))
  const { isBusy, error, act } = useActing()
  const [isSaved, setIsSaved] = useState(false)
  const isChanged = list.some(({ id }, at) => ranked(sources, order)[at]?.id !== id)
  const save = () =>
    act(async () => {
      const body = { order: orderOf(list, order) }
      await client.putSourcePriority({ params: { userId }, body, ...(version !== undefined && { ifMatch: version }) })
      setIsSaved(true)
      refresh(`${userId}/priority`)
    })
  return (
    <section className="panel" aria-label={text('sources.order')}>
      <SourceList sources={list} mayChange={mayChange} onChange={setList} />
      <ActionError error={error} />
      {isChanged && (
        <div className="actions">
          <button type="button" className="button button-first" disabled={isBusy} onClick={save}>
            {text('sources.save')}
          </button>
          <button type="button" className="button" disabled={isBusy} onClick={() => setList(ranked(sources, order))}>
            {text('sources.undo')}
          </button>
          <p className="quiet">{text('sources.save.text')}</p>
        </div>
      )}
      <p className="quiet" role="status">
        {isSaved && !isChanged && text('sources.saved')}
      </p>
    </section>
  )
}
