import type { ModelRollout, ModelVersion } from '../../../../src/model/model-card.ts'
import type { Formats } from '../../format/format.ts'
import { useTexts } from '../../texts/texts.tsx'

interface Props {
  readonly versions: readonly Omit<ModelVersion, 'dataRequirements'>[]
  readonly deployments: readonly ModelRollout[]
  readonly formats: Formats
  readonly onActivate: ((version: string) => void) | undefined
}

/** Each version: what it was trained on, which weights it is, and whether it is in use. */
export function Versions({ versions, deployments, formats, onActivate }: Props) {
  const { text } = useTexts()
  return (
    <ul className="records">
      {versions.map((version) => {
        const last = lastOf(version.version, deployments)
        return (
          <li key={version.version}>
            <div className="record-head">
              <strong>{text('models.version', { version: version.version })}</strong>
              {last !== undefined && <span className={`status status-${last.status}`}>{text(`rollout.${last.status}`)}</span>}
              {onActivate !== undefined && last?.status !== 'active' && (
                <button
                  type="button"
                  className="button record-side"
                  aria-label={text('models.activateVersion', { version: version.version })}
                  onClick={() => onActivate(version.version)}
                >
                  {text('models.activate')}
                </button>
              )}
            </div>
            <p lang="en">
              {version.trainedOn.map(({ name, licence, doi }) => `${name} (${[licence, doi].filter(Boolean).join(', ')})`).join(' · ')}
            </p>
            <p className="quiet">
              {formats.dateOf(Date.parse(version.createdAt))} · {formats.bytes(version.weights.length)} · SHA-256{' '}
              <code>{version.weights.sha256.slice(0, 16)}…</code>
            </p>
            {last?.shadow !== undefined && (
              <p className="quiet">
                {text('models.shadow', {
                  beside: last.shadow.beside,
                  nights: last.shadow.nights,
                  kappa: last.shadow.kappa === undefined ? '–' : formats.number(last.shadow.kappa, 2),
                })}
              </p>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function lastOf(version: string, deployments: readonly ModelRollout[]): ModelRollout | undefined {
  return deployments
    .filter((each) => each.version === version)
    .sort((one, other) => Date.parse(other.deployedAt) - Date.parse(one.deployedAt))[0]
}
