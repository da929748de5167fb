import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from '../../model/problem.ts'
import type { Signer } from '../../ports/signer.ts'
import { asDiskProblem, createFolder, errorCodeOf, syncFolder } from '../disk.ts'

/**
 * A key in a file of its owner alone (PKCS #8, PEM), made with the first signature. Several processes may share the file: the first to make
 * it is whose key it holds.
 */
export function openFileSigner(path: string): Signer {
  let key: Promise<KeyObject> | undefined

  async function keyOf(): Promise<KeyObject> {
    key ??= findKey(path)
    try {
      return await key
    } catch (error) {
      key = undefined
      throw asDiskProblem(error)
    }
  }

  return {
    publicKey: async () => String(createPublicKey(await keyOf()).export({ format: 'jwk' }).x),
    sign: async (bytes) => sign(null, bytes, await keyOf()).toString('base64url'),
  }
}

async function findKey(path: string): Promise<KeyObject> {
  const found = readKey(path)
  if (found !== undefined) return found
  createFolder(dirname(path))
  const made = `${path}.${process.pid}`
  const { privateKey } = generateKeyPairSync('ed25519')
  const file = openSync(made, 'w', 0o600)
  try {
    writeSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(made, path)
  } catch (error) {
    // Another process was faster.
    if (errorCodeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(made, { force: true })
  }
  await syncFolder(dirname(path))
  return readKey(path) ?? privateKey
}

function readKey(path: string): KeyObject | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    return createPrivateKey(text)
  } catch (cause) {
    throw new Problem('storage_corrupt', `${path} holds no private key`, { cause })
  }
}
