import { constants, crc32, deflateRawSync } from 'node:zlib'

/** One file of a zip that is put together byte by byte, so that each field of its headers may lie. */
export interface ZipEntry {
  readonly name: string
  readonly content?: string | Uint8Array
  /** The packed bytes, where they are made otherwise than from `content`. */
  readonly packed?: Uint8Array
  /** 0 stored, 8 deflated (the default). */
  readonly method?: number
  /** General purpose bits beside bit 11, which says that names are UTF-8. */
  readonly flags?: number
  /** Unix mode in the upper 16 bits. */
  readonly externalAttributes?: number
  /** Sizes and sum in the local header are zero and follow the data, as a phone that streams its export writes them. */
  readonly descriptor?: boolean
  /** The directory gives sizes and position in the zip64 extra field. */
  readonly zip64?: boolean
  /** What the directory says, where that differs from the truth. */
  readonly says?: { readonly bytes?: number; readonly compressedBytes?: number; readonly crc?: number; readonly at?: number }
}

export interface ZipOptions {
  readonly comment?: Uint8Array
  /** Position of the archive's first byte in what it is a part of. */
  readonly base?: number
}

const UTF8_NAMES = 0x800

export function zipOf(entries: readonly ZipEntry[], { comment = new Uint8Array(), base = 0 }: ZipOptions = {}): Buffer {
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let at = base
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '')
    const data = Buffer.from(entry.packed ?? ((entry.method ?? 8) === 8 ? deflateRawSync(content) : content))
    const local = localFile(entry, content, data)
    const told = { bytes: content.length, compressedBytes: data.length, crc: crc32(content), at, ...entry.says }
    directory.push(directoryEntry(entry, told))
    pieces.push(local)
    at += local.length
  }
  const names = Buffer.concat(directory)
  const needs64 = base > 0 || entries.some(({ zip64 }) => zip64)
  return Buffer.concat([
    ...pieces,
    names,
    ...(needs64 ? [end64(entries.length, names.length, at)] : []),
    end(entries.length, names.length, at, comment, needs64),
  ])
}

/** Deflated bytes of `start` and then `times` times `piece`, without ever having them all. */
export function deflatedRepetition(start: string, piece: string, times: number): Buffer {
  const flushed = (text: string) => deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([flushed(start), ...Array<Buffer>(times).fill(flushed(piece)), deflateRawSync('')])
}

function localFile({ name, method = 8, flags = 0, descriptor = false }: ZipEntry, content: Buffer, data: Buffer): Buffer {
  const header = Buffer.alloc(30)
  const known = descriptor ? [0, 0, 0] : [crc32(content), data.length, content.length]
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags | UTF8_NAMES | (descriptor ? 8 : 0), 6)
  header.writeUInt16LE(method, 8)
  known.forEach((value, index) => {
    header.writeUInt32LE(value, 14 + 4 * index)
  })
  header.writeUInt16LE(Buffer.byteLength(name), 26)
  return Buffer.concat([
    header,
    Buffer.from(name),
    data,
    ...(descriptor ? [words(0x08074b50, crc32(content), data.length, content.length)] : []),
  ])
}

function directoryEntry(entry: ZipEntry, told: { bytes: number; compressedBytes: number; crc: number; at: number }): Buffer {
  const { name, method = 8, flags = 0, externalAttributes = 0, descriptor = false, zip64 = false } = entry
  const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0)
  if (zip64) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(24, 2)
    ;[told.bytes, told.compressedBytes, told.at].forEach((value, index) => {
      extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index)
    })
  }
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE((3 << 8) | 45, 4)
  header.writeUInt16LE(zip64 ? 45 : 20, 6)
  header.writeUInt16LE(flags | UTF8_NAMES | (descriptor ? 8 : 0), 8)
  header.writeUInt16LE(method, 10)
  header.writeUInt32LE(told.crc, 16)
  header.writeUInt32LE(zip64 ? 0xffffffff : told.compressedBytes, 20)
  header.writeUInt32LE(zip64 ? 0xffffffff : told.bytes, 24)
  header.writeUInt16LE(Buffer.byteLength(name), 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(externalAttributes, 38)
  header.writeUInt32LE(zip64 ? 0xffffffff : told.at, 42)
  return Buffer.concat([header, Buffer.from(name), extra])
}

function end64(entries: number, bytes: number, at: number): Buffer {
  const record = Buffer.alloc(76)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  ;[entries, entries, bytes, at].forEach((value, index) => {
    record.writeBigUInt64LE(BigInt(value), 24 + 8 * index)
  })
  record.writeUInt32LE(0x07064b50, 56)
  record.writeBigUInt64LE(BigInt(at + bytes), 64)
  record.writeUInt32LE(1, 72)
  return record
}

function end(entries: number, bytes: number, at: number, comment: Uint8Array, hasEnd64: boolean): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(hasEnd64 ? 0xffff : entries, 8)
  record.writeUInt16LE(hasEnd64 ? 0xffff : entries, 10)
  record.writeUInt32LE(hasEnd64 ? 0xffffffff : bytes, 12)
  record.writeUInt32LE(hasEnd64 ? 0xffffffff : at, 16)
  record.writeUInt16LE(comment.length, 20)
  return Buffer.concat([record, comment])
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value, 4 * index)
  })
  return bytes
}
