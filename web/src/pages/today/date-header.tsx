import { shifted } from '../../format/zoned.ts'
import { Link } from '../../parts/link.tsx'
import { go, pathTo } from '../../router.ts'
import { useProfile, useReader } from '../../state/person.ts'
import { useTexts } from '../../texts/texts.tsx'

interface Props {
  readonly userId: string
  readonly date: string
  readonly latest: string
  readonly zone: string | undefined
}

/** Which day it is, and the way to others. */
export function DateHeader({ userId, date, latest, zone }: Props) {
  const { text } = useTexts()
  const { longDate, zone: home } = useReader(userId, zone)
  const person = useProfile(userId)
  const name = person.state === 'ready' ? person.value.displayName : undefined
  const at = (day: string) => pathTo('day', { userId, date: day })
  const [weekday, ...rest] = longDate(date).split(', ')
  return (
    <header className="date-header">
      <div>
        <h1>
          {weekday}
          <span className="date-header-rest">{rest.join(', ')}</span>
        </h1>
        <p className="quiet">
          {name !== undefined && `${name} · `}
          {text('today.zone', { zone: home.replaceAll('_', ' ') })}
        </p>
      </div>
      <div className="date-header-ways">
        <Link className="way" href={at(shifted(date, -1))} aria-label={text('today.previous')} title={text('today.previous')}>
          ‹
        </Link>
        <input
          type="date"
          aria-label={text('today.date')}
          value={date}
          max={latest}
          onChange={({ target }) => target.value !== '' && go(at(target.value))}
        />
        {date < latest ? (
          <Link className="way" href={at(shifted(date, 1))} aria-label={text('today.next')} title={text('today.next')}>
            ›
          </Link>
        ) : (
          <span className="way way-shut" aria-hidden="true">
            ›
          </span>
        )}
        {date < latest && (
          <Link className="button" href={pathTo('today', { userId })}>
            {text('today.latest')}
          </Link>
        )}
      </div>
    </header>
  )
}
