// The only names beyond ES2024 that this room may use: text to bytes and back.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number }
}
declare class TextDecoder {
  constructor(encoding?: 'utf-8', options?: { fatal?: boolean })
  decode(bytes: Uint8Array): string
}
