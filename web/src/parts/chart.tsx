import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { useScheme } from '../theme.ts'
import { mountChart } from './mount-chart.ts'
import { type Palette, readPalette } from './palette.ts'

interface Props {
  /** What it shows, for whoever does not see it; the numbers stand in a table beside it. */
  readonly label: string
  /** Pixels. */
  readonly height: number
  /** Must be the same function as long as it draws the same. */
  readonly draw: (palette: Palette, width: number) => EChartsCoreOption
}

const still = matchMedia('(prefers-reduced-motion: reduce)')

/** One drawing by ECharts, which is loaded when the first is shown. Drawn again when the appearance or its width changes. */
export function Chart({ label, height, draw }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const scheme = useScheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the palette is read from the page, and differs by scheme.
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const show = (chart: EChartsType) =>
      chart.setOption({ ...common(), ...draw(readPalette(element), element.clientWidth) }, { notMerge: true })
    return mountChart(element, () => undefined, show)
  }, [draw, scheme])
  return <div ref={box} className="chart" role="img" aria-label={label} style={{ height }} />
}

function common(): EChartsCoreOption {
  return { animation: !still.matches, animationDuration: 300 }
}
