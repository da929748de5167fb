/** Hands a file to the browser to keep. Large ones lie on its disk until then, not in memory. */
export async function saveFile(
  content: ReadableStream<Uint8Array> | null,
  name: string,
  onReceived: (bytes: number) => void = () => undefined,
): Promise<void> {
  let bytes = 0
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, next) {
      bytes += chunk.length
      onReceived(bytes)
      next.enqueue(chunk)
    },
  })
  const blob = await new Response(content?.pipeThrough(counting) ?? '').blob()
  keep(blob, name)
}

/** The same of text. */
export function saveText(text: string, name: string): void {
  keep(new Blob([text], { type: 'application/json' }), name)
}

function keep(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // The browser has taken hold of it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
