import type { EChartsType } from 'echarts/core'
import { useCallback, useMemo, useRef } from 'react'
import { boundsOf } from '../../format/zoned.ts'
import { NoDays } from '../../parts/no-days.tsx'
import type { Palette } from '../../parts/palette.ts'
import { Failure, WhenLoaded } from '../../parts/states.tsx'
import { go, searchWith, useSearch } from '../../router.ts'
import { useFeed } from '../../state/feed.ts'
import { useLatest } from '../../state/latest.ts'
import { type Reader, useProfile, useReader } from '../../state/person.ts'
import { nameOfSamples } from '../../texts/metric-names.ts'
import { useTexts } from '../../texts/texts.tsx'
import { detailFor } from './detail.ts'
import { ExploreBar } from './explore-bar.tsx'
import { drawExplore } from './explore-chart.ts'
import { ExploreFoot } from './explore-foot.tsx'
import { ExploreTable } from './explore-table.tsx'
import { pointsWithin } from './layer.ts'
import { placeIn } from './place.ts'
import { Plot } from './plot.tsx'
import { SourceChoice } from './source-choice.tsx'
import { type Span, wholeUntil } from './span.ts'
import { useLayer } from './use-layer.ts'
import { useSources } from './use-sources.ts'
import { useSpan } from './use-span.ts'

/** Any metric over any time. What is seen stands in the address. */
export function ExplorePage({ userId }: { readonly userId: string }) {
  useFeed(userId)
  const latest = useLatest(userId)
  const profile = useProfile(userId)
  const reader = useReader(userId)
  return (
    <WhenLoaded loaded={latest}>
      {(date) =>
        date === undefined ? (
          <NoDays />
        ) : (
          // Where a day ends is known when the zone is.
          <WhenLoaded loaded={profile}>{() => <Whole userId={userId} toMs={boundsOf(date, reader.zone)[1]} reader={reader} />}</WhenLoaded>
        )
      }
    </WhenLoaded>
  )
}

const HEIGHT = 420

function Whole({ userId, toMs, reader }: { readonly userId: string; readonly toMs: number; readonly reader: Reader }) {
  const { text, language, locale } = useTexts()
  const search = useSearch()
  const whole = useMemo(() => wholeUntil(toMs), [toMs])
  const place = useMemo(() => placeIn(search, whole), [search, whole])
  const { metric, sources } = place
  const { seen, show, gestures } = useSpan(place.span, whole)
  const detail = detailFor(place.span, place.detail)
  const { layer, loaded } = useLayer(userId, { metric, sources, detail, span: place.span, whole }, seen)
  const named = useSources(userId, metric, layer)
  const chart = useRef<EChartsType>(undefined)
  const nameOf = useCallback((id: string) => named.find((source) => source.id === id)?.name ?? id, [named])
  const draw = useCallback(
    (palette: Palette, width: number) =>
      layer === undefined ? {} : drawExplore(palette, width, { layer, span: seen, locale, reader, nameOf }),
    [layer, seen, locale, reader, nameOf],
  )
  const change = (words: Readonly<Record<string, string | undefined>>) => go(searchWith(search, words), { isInstead: true })
  const name = nameOfSamples(metric, language)
  const count = layer?.lines.reduce((sum, line) => sum + pointsWithin(line, seen).length, 0)
  return (
    <article className="page">
      <header className="page-header">
        <div>
          <h1>{name}</h1>
          <p className="quiet">{spanText(seen, reader)}</p>
        </div>
      </header>
      <ExploreBar {...{ userId, place, seen, whole, show, change, reader }} />
      {loaded.state === 'failed' && <Failure error={loaded.error} />}
      <section className="panel" aria-label={name}>
        <div className="explore-box">
          <Plot
            label={text('explore.chart', { metric: name, ...momentsOf(seen, reader) })}
            {...{ height: HEIGHT, draw, gestures, chart }}
          />
          {count === 0 && loaded.state === 'ready' && (
            <p className="explore-none">
              {text('explore.none')} {text('explore.none.text')}
            </p>
          )}
        </div>
        <p className="quiet" role="status">
          {layer !== undefined &&
            count !== undefined &&
            text('explore.shown', { resolution: text(`explore.resolution.${layer.detail}`), count })}
          {loaded.state === 'loading' && ` · ${text('explore.asking')}`}
          {place.detail !== undefined && place.detail !== detail && ` · ${text('explore.tooWide')}`}
        </p>
        <SourceChoice
          chosen={sources}
          named={named}
          lines={layer?.lines}
          onChoose={(ids) => change({ sources: ids.join() || undefined })}
        />
        {layer !== undefined && <ExploreFoot {...{ layer, span: seen, metric, name, reader, nameOf, chart }} />}
        {layer !== undefined && <ExploreTable {...{ layer, span: seen, reader, nameOf }} />}
      </section>
    </article>
  )
}

function momentsOf({ fromMs, toMs }: Span, { moment }: Reader): { readonly from: string; readonly to: string } {
  return { from: moment(fromMs), to: moment(toMs) }
}

function spanText(span: Span, reader: Reader): string {
  const { from, to } = momentsOf(span, reader)
  return `${from} – ${to} · ${reader.zone.replaceAll('_', ' ')}`
}
