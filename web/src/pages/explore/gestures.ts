import { PLOT } from './explore-chart.ts'

/** What hands do on a plot. Shares are of its width, from the left. */
export interface Gestures {
  zoom(factor: number, atShare: number): void
  move(share: number): void
}

/** Of a wheel's pixels: a notch of a hundred zooms by about a quarter. */
const ZOOM_A_PIXEL = 0.0025
const DOUBLE = 0.25

/** Wheel and pinch zoom, dragging moves, a double click comes closer. Returns how to stop listening. */
export function hearGestures(element: HTMLElement, { zoom, move }: Gestures): () => void {
  const ended = new AbortController()
  const hear = { signal: ended.signal }
  const fingers = new Map<number, number>()
  const plotWidth = () => Math.max(1, element.clientWidth - PLOT.left - PLOT.right)
  const shareOf = (clientX: number) => Math.min(1, Math.max(0, (clientX - element.getBoundingClientRect().left - PLOT.left) / plotWidth()))
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) move(event.deltaX / plotWidth())
      else zoom(Math.exp(event.deltaY * ZOOM_A_PIXEL * (event.ctrlKey ? 4 : 1)), shareOf(event.clientX))
    },
    { ...hear, passive: false },
  )
  element.addEventListener('dblclick', (event) => zoom(DOUBLE, shareOf(event.clientX)), hear)
  element.addEventListener('pointerdown', (event) => fingers.set(event.pointerId, event.clientX), hear)
  element.addEventListener('pointermove', (event) => follow(event), hear)
  for (const end of ['pointerup', 'pointercancel'] as const) addEventListener(end, ({ pointerId }) => fingers.delete(pointerId), hear)
  return () => ended.abort()

  function follow({ pointerId, clientX }: PointerEvent): void {
    const before = fingers.get(pointerId)
    if (before === undefined) return
    const [other] = [...fingers].flatMap(([id, x]) => (id === pointerId ? [] : [x]))
    fingers.set(pointerId, clientX)
    if (other === undefined) move((before - clientX) / plotWidth())
    else if (clientX !== other) zoom(Math.abs((before - other) / (clientX - other)), shareOf((clientX + other) / 2))
  }
}
