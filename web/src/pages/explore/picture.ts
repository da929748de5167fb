import type { EChartsType } from 'echarts/core'

interface Words {
  readonly title: string
  readonly under: readonly string[]
}

const MARGIN = 24
const TITLE = 22
const LINE = 18
/** So that it is sharp in print. */
const SHARP = 2

/** The drawing as it stands, with what it shows written above. */
export async function pictureOf(chart: EChartsType, { title, under }: Words): Promise<Blob> {
  const drawn = chart.renderToCanvas({ pixelRatio: SHARP })
  const { color, backgroundColor, fontFamily } = colours(chart.getDom())
  const head = MARGIN + TITLE + under.length * LINE + 16
  const canvas = document.createElement('canvas')
  canvas.width = drawn.width + 2 * MARGIN * SHARP
  canvas.height = drawn.height + (head + MARGIN) * SHARP
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('There is no canvas to draw a picture on')
  pen.fillStyle = backgroundColor
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(drawn, MARGIN * SHARP, head * SHARP)
  pen.scale(SHARP, SHARP)
  pen.fillStyle = color
  pen.font = `600 ${TITLE}px ${fontFamily}`
  pen.fillText(title, MARGIN, MARGIN + TITLE * 0.8)
  pen.font = `400 13px ${fontFamily}`
  pen.globalAlpha = 0.7
  for (const [at, line] of under.entries()) pen.fillText(line, MARGIN, MARGIN + TITLE + (at + 1) * LINE)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('The picture could not be written')) : resolve(blob)), 'image/png'),
  )
}

/** As they are around the drawing. */
function colours(element: HTMLElement): Pick<CSSStyleDeclaration, 'backgroundColor' | 'color' | 'fontFamily'> {
  return getComputedStyle(element.closest('.panel') ?? document.body)
}
