import type { EChartsType } from 'echarts/core'

/**
 * A drawing by ECharts in an element, loaded when the first is wanted; `onMade` gets it once, and `onSize` at first and whenever it is resized.
 * Gives what takes it away again, before it is there too.
 */
export function mountChart(element: HTMLElement, onMade: (chart: EChartsType) => void, onSize: (chart: EChartsType) => void): () => void {
  let isGone = false
  let close: () => void = () => undefined
  import('./echarts.ts')
    .then(({ initChart }) => {
      if (isGone) return
      const chart = initChart(element)
      onMade(chart)
      const watch = new ResizeObserver(() => {
        chart.resize()
        onSize(chart)
      })
      watch.observe(element)
      close = () => {
        watch.disconnect()
        chart.dispose()
      }
    })
    .catch(reportError)
  return () => {
    isGone = true
    close()
  }
}
