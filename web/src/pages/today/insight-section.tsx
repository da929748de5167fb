import type { Day } from '../../../../src/model/day.ts'
import { SentenceButton } from '../../parts/evidence-drawer.tsx'
import { UsualBar } from '../../parts/usual-bar.tsx'
import type { Reader } from '../../state/person.ts'
import { speak } from '../../texts/sentences/spoken.ts'
import { useTexts } from '../../texts/texts.tsx'
import { everySentenceOf, type Insight, noteKinds, notesOf, type Sentence, sentencesOf, summaryOf } from './sentences.ts'

interface Props {
  readonly day: Day
  readonly insight: Insight
  readonly reader: Reader
}

/** What the day was, in words; each sentence opens what it rests on. */
export function InsightSection({ day, insight, reader }: Props) {
  const { text, language } = useTexts()
  const [first, ...others] = summaryOf(insight)
  const { confidence } = insight.metadata
  const isPartlyEnglish = language !== 'en' && everySentenceOf(insight).some((each) => speak(each.text, language, reader).language === 'en')
  return (
    <section className="insight" aria-label={text('today.summary')}>
      {first !== undefined && (
        <p className="insight-first">
          <SentenceButton sentence={first} />
        </p>
      )}
      {others.length > 0 && (
        <p className="insight-rest">
          {others.map((sentence) => (
            <SentenceButton key={sentence.text} sentence={sentence} />
          ))}
        </p>
      )}
      <p className="quiet" title={text('today.confidence.text')}>
        {text('today.confidence', { share: reader.share(confidence) })}
        {isPartlyEnglish && ` · ${text('today.english')}`}
      </p>
      <div className="cards">
        <Card
          title={text('today.sleep')}
          figure={day.sleep && reader.duration(day.sleep.asleepMinutes)}
          sentences={sentencesOf(insight, 'sleepAnalysis')}
          reader={reader}
        />
        <Card
          title={text('today.movement')}
          figure={day.steps === undefined ? undefined : reader.number(day.steps)}
          sentences={sentencesOf(insight, 'activityAnalysis')}
          reader={reader}
        />
        <Card
          title={text('today.heart')}
          figure={day.heartRate.resting === undefined ? undefined : reader.quantity(day.heartRate.resting, '/min')}
          sentences={sentencesOf(insight, 'heartRateAnalysis')}
          reader={reader}
        />
      </div>
      <Notes insight={insight} />
    </section>
  )
}

interface CardProps {
  readonly title: string
  readonly figure: string | undefined
  readonly sentences: readonly Sentence[]
  readonly reader: Reader
}

function Card({ title, figure, sentences, reader }: CardProps) {
  const { text } = useTexts()
  const [first, ...others] = sentences
  const main = first?.evidence.find(({ baseline }) => baseline !== undefined)
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <p className={figure === undefined ? 'card-figure card-none' : 'card-figure'}>{figure ?? text('today.noFigure')}</p>
      {main?.baseline !== undefined && <UsualBar evidence={main} baseline={main.baseline} reader={reader} />}
      {first !== undefined && (
        <p>
          <SentenceButton sentence={first} />
        </p>
      )}
      {others.length > 0 && (
        <details>
          <summary>{text('today.more', { count: others.length })}</summary>
          <ul>
            {others.map((sentence) => (
              <li key={sentence.text}>
                <SentenceButton sentence={sentence} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function Notes({ insight }: { readonly insight: Insight }) {
  const { text } = useTexts()
  const kinds = noteKinds.filter((kind) => notesOf(insight, kind).length > 0)
  if (kinds.length === 0) return null
  return (
    <div className="notes">
      {kinds.map((kind) => (
        <section key={kind} className={`notes-${kind}`}>
          <h2>{text(`today.${kind}`)}</h2>
          <ul>
            {notesOf(insight, kind).map((sentence) => (
              <li key={sentence.text}>
                <SentenceButton sentence={sentence} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
