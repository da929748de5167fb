import { useTexts } from '../../texts/texts.tsx'

/** Where the person lives: days begin and end by it. The browser's zone is a guess that may be corrected. */
export function ZoneChoice({ zone, onChange }: { readonly zone: string; readonly onChange: (zone: string) => void }) {
  const { text } = useTexts()
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <label className="zone-choice">
      {text('start.zone')}
      <select value={zone} onChange={({ target }) => onChange(target.value)}>
        {(zones.includes(zone) ? zones : [zone, ...zones]).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
