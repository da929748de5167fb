import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { mountChart } from '../../parts/mount-chart.ts'
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
    const keep = (made: EChartsType) => {
      chart.current = made
    }
    const close = mountChart(element, keep, () => setWidth(element.clientWidth))
    return () => {
      close()
      chart.current = undefined
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
