import type { Palette } from './palette.ts'

/** Drawn on the canvas and never as markup: a name cannot become a part of the page. */
export function tooltipLook(palette: Palette) {
  return {
    renderMode: 'richText',
    backgroundColor: palette.surface,
    borderColor: palette.line,
    confine: true,
    textStyle: { color: palette.ink, fontFamily: palette.font, fontSize: 13 },
  } as const
}
