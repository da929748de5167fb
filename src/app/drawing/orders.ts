import type { DrawnBeside, DrawnBy } from '../../flows/draw-session.ts'

/** Memory that both threads see, in places of one body each. */
export const PLACES = 16
export const PLACE_BYTES = 128 * 1024

/** The body at a place is to be drawn up. */
export interface DrawOrder {
  readonly place: number
  readonly length: number
  readonly by: DrawnBy
}

/** From the thread: that it can be asked, and what became of an order. The place is free again. */
export type DrawTold = 'ready' | { readonly place: number; readonly drawn: DrawnBeside | undefined }
