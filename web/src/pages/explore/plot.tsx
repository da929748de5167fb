import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { type Palette, readPalette } from '../../parts/palette.ts'
import { useScheme } from '../../theme.ts'
import { type Gestures, hearGestures } from './gestures.ts'

interface Props {
  readonly label: string
  /** Pixels. */
  readonly height: number
  /** Another function draws something else. */
  readonly draw: (palette: Palette, width: number) => EChartsCoreOption
  /** What moves the span; the same as long as the page is. */
  readonly gestures: Gestures
  /** The drawing, for whoever wants a picture of it. */
  readonly chart: RefObject<EChartsType | undefined>
}

/** A drawing that stays while what it shows moves. */
export function Plot({ label, height, draw, gestures, chart }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const scheme = useScheme()
  const [width, setWidth] = useState(0)
  const [look, setLook] = useState<{ readonly palette: Palette; readonly scheme: string }>()
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    let isGone = false
    let close: () => void = () => undefined
    import('../../parts/echarts.ts')
      .then(({ initChart }) => {
        if (isGone) return
        const made = initChart(element)
        chart.current = made
        const watch = new ResizeObserver(() => {
          made.resize()
          setWidth(element.clientWidth)
        })
        watch.observe(element)
        close = () => {
          watch.disconnect()
          made.dispose()
          chart.current = undefined
        }
      })
      .catch(reportError)
    return () => {
      isGone = true
      close()
    }
  }, [chart])
  useEffect(() => {
    if (box.current !== null) setLook({ palette: readPalette(box.current), scheme })
  }, [scheme])
  useEffect(() => {
    if (width > 0 && look !== undefined) chart.current?.setOption(draw(look.palette, width), { replaceMerge: ['series'], silent: true })
  }, [chart, draw, look, width])
  useEffect(() => (box.current === null ? undefined : hearGestures(box.current, gestures)), [gestures])
  return <div ref={box} className="chart explore-plot" role="img" aria-label={label} style={{ height }} />
}
