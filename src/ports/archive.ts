export interface FileToPack {
  /** `sessions/2024-05.ndjson` */
  readonly name: string
  /** Taken once, when the file's turn has come. */
  readonly content: AsyncIterable<Uint8Array>
  /** It is packed already: to pack it again costs time and saves nothing. */
  readonly isPacked?: true
}

export interface PackedFile {
  readonly name: string
  /** As it was before it was packed. */
  readonly bytes: number
  /** Hex. */
  readonly sha256: string
}

/**
 * Many files as one stream of bytes, each taken as the reader takes the stream: nothing of them is held. `onPacked` is told of a file before
 * the next is asked for, so that the last can speak of all. When a file throws, its error comes out.
 */
export interface Archive {
  pack(files: AsyncIterable<FileToPack>, at: Date, onPacked: (file: PackedFile) => void): AsyncIterable<Uint8Array>
}
