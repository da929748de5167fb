import type { EChartsType } from 'echarts/core'
import type { RefObject } from 'react'
import type { MetricName } from '../../../../src/model/metrics.ts'
import { saveBlob } from '../../parts/save-blob.ts'
import type { Reader } from '../../state/person.ts'
import { useTexts } from '../../texts/texts.tsx'
import { csvOf } from './csv.ts'
import type { Layer } from './layer.ts'
import { pictureOf } from './picture.ts'
import { spanWords } from './place.ts'
import type { Span } from './span.ts'

interface Props {
  readonly layer: Layer
  readonly span: Span
  readonly metric: MetricName
  readonly name: string
  readonly reader: Reader
  readonly nameOf: (source: string) => string
  readonly chart: RefObject<EChartsType | undefined>
}

/** What is seen, to take away: as figures, or as a picture. */
export function ExploreFoot({ layer, span, metric, name, reader, nameOf, chart }: Props) {
  const { text } = useTexts()
  const { from, to } = spanWords(span)
  const file = `${metric} ${from} ${to}`.replaceAll(':', '')
  const saveCsv = () => saveBlob(new Blob([csvOf({ layer, span, metric, zone: reader.zone, nameOf })], { type: 'text/csv' }), `${file}.csv`)
  const savePng = () => {
    if (chart.current === undefined) return
    const under = [`${reader.moment(span.fromMs)} – ${reader.moment(span.toMs)}`, reader.zone, text(`explore.resolution.${layer.detail}`)]
    const sources = layer.lines.map(({ source }) => (source === undefined ? text('explore.sources.best') : nameOf(source)))
    pictureOf(chart.current, { title: name, under: [under.join(' · '), sources.join(', ')] })
      .then((picture) => saveBlob(picture, `${file}.png`))
      .catch(reportError)
  }
  return (
    <div className="explore-foot">
      <p className="quiet">{text('explore.hint')}</p>
      <div className="panel-choices">
        <button type="button" className="button" onClick={saveCsv}>
          {text('explore.csv')}
        </button>
        <button type="button" className="button" onClick={savePng}>
          {text('explore.png')}
        </button>
      </div>
    </div>
  )
}
