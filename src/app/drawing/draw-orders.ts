import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { drawBody } from '../../http/draw-body.ts'
import { newId, sha256 } from '../chance.ts'
import { type DrawOrder, type DrawTold, PLACE_BYTES } from './orders.ts'

/** Draws up what lies in `memory`, one body after another: where this file is the start of a thread. */
function drawOrders(port: MessagePort, memory: Uint8Array): void {
  const tell = (told: DrawTold) => port.postMessage(told)
  port.on('message', ({ place, length, by }: DrawOrder) => {
    const at = place * PLACE_BYTES
    tell({ place, drawn: drawBody({ newId, sha256 }, memory.subarray(at, at + length), by) })
  })
  tell('ready')
}

if (parentPort !== null) drawOrders(parentPort, new Uint8Array(workerData as SharedArrayBuffer))
