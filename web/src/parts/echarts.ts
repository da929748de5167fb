import { BarChart, CustomChart, LineChart } from 'echarts/charts'
import { AxisPointerComponent, CalendarComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

// Only what is drawn here: the rest of ECharts stays out of the build.
use([AxisPointerComponent, BarChart, CalendarComponent, CanvasRenderer, CustomChart, GridComponent, LineChart, TooltipComponent])

export type { EChartsType } from 'echarts/core'
export { init as initChart }
