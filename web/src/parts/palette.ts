/** The colours of the page, for what is drawn on a canvas. */
export interface Palette {
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly surface: string
  readonly accent: string
  readonly accentSoft: string
  readonly heart: string
  readonly warn: string
  readonly warnSoft: string
  readonly stages: Readonly<Record<'awake' | 'rem' | 'light' | 'deep' | 'unspecified', string>>
  readonly sources: readonly string[]
  readonly font: string
}

/** Resolved as they are at this element: `light-dark()` has no meaning on a canvas. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('i')
  probe.hidden = true
  element.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const palette: Palette = {
    ink: colour('ink'),
    quiet: colour('quiet'),
    line: colour('line'),
    surface: colour('surface'),
    accent: colour('accent'),
    accentSoft: colour('accent-soft'),
    heart: colour('heart'),
    warn: colour('warn'),
    warnSoft: colour('warn-soft'),
    stages: {
      awake: colour('stage-awake'),
      rem: colour('stage-rem'),
      light: colour('stage-light'),
      deep: colour('stage-deep'),
      unspecified: colour('stage-unspecified'),
    },
    sources: ['source-1', 'source-2', 'source-3', 'source-4'].map(colour),
    font: getComputedStyle(element).fontFamily,
  }
  probe.remove()
  return palette
}
