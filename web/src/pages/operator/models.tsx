import { useCallback } from 'react'
import { ActionError } from '../../parts/action.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { Evaluations } from './evaluations.tsx'
import type { OperatorProps } from './operator.tsx'
import { Versions } from './versions.tsx'

const load = async () => (await client.listModels({ query: { limit: 100 } })).body.data
type ModelCard = Awaited<ReturnType<typeof load>>[number]

/** The models: what they are, what was measured of them, and which version is in use. */
export function ModelsPart(props: OperatorProps) {
  const { text } = useTexts()
  const models = useLoaded('operator/models', load)
  return (
    <>
      <PartHead title={text('operator.models')} text={text('models.text')} />
      <WhenLoaded loaded={models}>
        {(cards) =>
          cards.length === 0 ? (
            <p className="quiet">{text('models.none')}</p>
          ) : (
            cards.map((card) => <Model key={card.modelInfo.name} card={card} {...props} />)
          )
        }
      </WhenLoaded>
    </>
  )
}

function Model({ card, formats, may }: OperatorProps & { readonly card: ModelCard }) {
  const { text } = useTexts()
  const { name, version, type, framework, description } = card.modelInfo
  const loadDetails = useCallback(async () => {
    const [versions, evaluations, deployments] = await Promise.all([
      client.listModelVersions({ params: { name }, query: { limit: 100 } }),
      client.listModelPerformance({ params: { name }, query: { limit: 100 } }),
      client.listModelDeployments({ params: { name }, query: { limit: 100 } }),
    ])
    return { versions: versions.body.data, evaluations: evaluations.body.data, deployments: deployments.body.data }
  }, [name])
  const details = useLoaded(`operator/models/${name}`, loadDetails)
  const { isBusy, error, act } = useActing()
  const activate = (chosen: string) =>
    act(async () => {
      await client.activateModelVersion({ params: { name, version: chosen } })
      refresh('operator/models')
    })
  return (
    <section className="panel model" aria-label={name}>
      <header className="panel-head">
        <h3>{name}</h3>
        <p>
          {version} · {type} · {framework}
        </p>
      </header>
      {description !== undefined && <p lang="en">{description}</p>}
      {card.dataRequirements !== undefined && (
        <p className="quiet">
          {text('models.needs', { fields: card.dataRequirements.requiredFields.join(', '), count: card.dataRequirements.minSamples })}
        </p>
      )}
      <ActionError error={error} />
      <WhenLoaded loaded={details}>
        {({ versions, evaluations, deployments }) => (
          <>
            <Versions
              versions={versions}
              deployments={deployments}
              formats={formats}
              onActivate={may('models:write') && !isBusy ? activate : undefined}
            />
            <Evaluations evaluations={evaluations} formats={formats} />
          </>
        )}
      </WhenLoaded>
    </section>
  )
}
