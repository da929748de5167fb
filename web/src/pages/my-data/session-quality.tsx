import { isFlagCode, isQuarantineCode } from '../../../../src/model/marks.ts'
import { type Text, useTexts } from '../../texts/texts.tsx'
import type { Session } from './recorded.ts'

/** What was noticed of a session, and which of its samples stand aside and why. */
export function SessionQuality({ quality: { flags, quarantined } }: { readonly quality: Session['quality'] }) {
  const { text } = useTexts()
  const aside = Object.entries(quarantined)
  if (flags.length === 0 && aside.length === 0) return null
  return (
    <ul className="marks">
      {aside.map(([code, count]) => (
        <li key={code} className="mark mark-aside">
          <strong>{text('sessions.aside', { count })}</strong> {reasonOf(code, text)}
        </li>
      ))}
      {flags.map(({ code, count, detail }) => (
        <li key={`${code} ${detail}`} className="mark">
          <strong>{text('sessions.flag', { count })}</strong> {flagOf(code, text)}
          {detail !== undefined && <span className="quiet"> {detail}</span>}
        </li>
      ))}
    </ul>
  )
}

export function reasonOf(code: string, text: Text): string {
  return isQuarantineCode(code) ? text(`aside.${code}`) : code.replaceAll('_', ' ')
}

function flagOf(code: string, text: Text): string {
  return isFlagCode(code) ? text(`flag.${code}`) : code.replaceAll('_', ' ')
}
