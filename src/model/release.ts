/**
 * Gives up bytes that nobody looks at again. Left to the collector, which does not see how much memory a small object stands for, many of them
 * would pile up to tens of megabytes. Does nothing where they are a part of some larger memory, which others may look at.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0)
}
