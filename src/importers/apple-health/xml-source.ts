import { Problem } from '../../model/problem.ts'
import { type ByteSource, passing } from '../byte-source.ts'
import { findExport } from './archive.ts'

export interface XmlSource {
  /** Length of the XML as far as it is known, bytes. */
  readonly bytes: number
  /** Progress is told in bytes of what was given: how many of them one byte of XML stands for. */
  readonly inputPerByte: number
  /** UTF-8 without a byte order mark, in pieces of at most 1 MiB. */
  open(): AsyncGenerator<Uint8Array>
}

/** The export's XML from a zip or a bare file, told apart by their first bytes. Throws `Problem`. */
export async function openXml(source: ByteSource): Promise<XmlSource> {
  const start = await source.read(0, Math.min(source.length, 1024))
  if (start[0] === 0x50 && start[1] === 0x4b) {
    const entry = await findExport(source)
    return { bytes: entry.bytes, inputPerByte: entry.compressedBytes / Math.max(1, entry.bytes), open: () => asUtf8(entry.open()) }
  }
  if (!looksLikeXml(start)) throw new Problem('not_recognised', 'The file is neither a zip archive nor XML.')
  return { bytes: source.length, inputPerByte: 1, open: () => asUtf8(passing(source)) }
}

function looksLikeXml(start: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(start).replaceAll('\0', '')
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*</.test(text)
}

const LIMIT = 1 << 20

async function* asUtf8(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decode: ((bytes: Uint8Array) => Uint8Array) | undefined
  for await (const piece of pieces) {
    if (!decode) {
      decode = decoding(piece)
      yield* steps(decode(withoutMark(piece)))
    } else yield* steps(decode(piece))
  }
}

function* steps(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += LIMIT) yield bytes.length <= LIMIT ? bytes : bytes.subarray(at, at + LIMIT)
}

function withoutMark(start: Uint8Array): Uint8Array {
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? start.subarray(3) : start
}

/** How pieces of a file that begins so become UTF-8. */
function decoding(start: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  const decoder = decoderFor(start)
  return decoder ? (bytes) => Buffer.from(decoder.decode(bytes, { stream: true })) : (bytes) => bytes
}

/** Undefined for UTF-8. UTF-16 is known by its byte order mark alone. Throws for an encoding that we do not read. */
function decoderFor(start: Uint8Array): TextDecoder | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le')
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder('utf-16be')
  if (start[0] === 0 || start[1] === 0) throw new Problem('invalid_encoding', 'The XML looks like UTF-16 without a byte order mark.')
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}encoding\s*=\s*["']([^"']{1,40})["']/.exec(
    new TextDecoder('latin1').decode(start.subarray(0, 400)),
  )?.[1]
  if (declared !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(declared))
    throw new Problem('invalid_encoding', `The XML says that it is written in ${declared.replace(/[^\w.-]/g, '')}.`)
  return undefined
}
