import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Kms {
  readonly url: string
  stop(): Promise<void>
}

/** A key management service on loopback: it encrypts and decrypts with a key that never leaves it, bound to a context. */
export async function startKms(): Promise<Kms> {
  const keys = new Map<string, Buffer>()
  const keyOf = (name: string) => {
    const key = keys.get(name) ?? randomBytes(32)
    keys.set(name, key)
    return key
  }
  const server = createServer(async (request, response) => {
    const [, name = '', act] = (request.url ?? '').split('/')
    const asked = JSON.parse(await text(request)) as { bytes: string; context: string }
    const bytes = Buffer.from(asked.bytes, 'base64')
    try {
      const done = act === 'encrypt' ? encrypted(keyOf(name), bytes, asked.context) : decrypted(keyOf(name), bytes, asked.context)
      response.end(JSON.stringify({ bytes: done.toString('base64') }))
    } catch {
      response.writeHead(400).end()
    }
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

function encrypted(key: Buffer, bytes: Buffer, context: string): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context))
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

function decrypted(key: Buffer, bytes: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
}
