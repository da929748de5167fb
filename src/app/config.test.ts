import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('without settings everything lies in ./data', () => {
  const places = { documents: 'sqlite:', blobs: 'file:', cache: 'memory:', keys: 'file:', rootKey: 'file:', checkpoints: 'file:' }
  expect(readConfig({})).toEqual({ data: resolve('data'), ...places, narrator: 'template:' })
})

test('each way to run is four URLs', () => {
  const own = {
    CLARITY_DOCUMENTS: 'postgres://clarity@db/clarity',
    CLARITY_WAREHOUSE: 'postgres://clarity@db/analytics',
    CLARITY_BLOBS: 's3://bucket?endpoint=http://store:9000&region=eu',
    CLARITY_CACHE: 'redis://cache',
  }
  expect(readConfig(own)).toMatchObject({
    documents: own.CLARITY_DOCUMENTS,
    warehouse: own.CLARITY_WAREHOUSE,
    blobs: own.CLARITY_BLOBS,
    cache: own.CLARITY_CACHE,
  })
  expect(readConfig({ CLARITY_DOCUMENTS: 'firestore://project', CLARITY_BLOBS: 'gs://bucket', CLARITY_WAREHOUSE: 'none' })).toMatchObject({
    documents: 'firestore://project',
    blobs: 'gs://bucket',
    warehouse: 'none',
  })
})

test('the server takes its address and its part from the environment', () => {
  const settings = { CLARITY_ROLE: 'worker', CLARITY_HOST: '0.0.0.0', CLARITY_PORT: '0', CLARITY_LOG: 'warn' }
  expect(readConfig(settings)).toMatchObject({ role: 'worker', host: '0.0.0.0', port: 0, log: 'warn' })
})

test.each([
  ['CLARITY_ROLE', 'both', /CLARITY_ROLE must be one of all, api, worker/],
  ['CLARITY_PORT', 'http', /CLARITY_PORT must be a port/],
  ['CLARITY_DOCUMENTS', 'mysql://x', /CLARITY_DOCUMENTS must be a URL that begins with sqlite:, postgres:/],
  ['CLARITY_BLOBS', '/data/blobs', /CLARITY_BLOBS must be a URL that begins with file:, s3:, gs:/],
  ['CLARITY_WAREHOUSE', 'bigquery://x', /CLARITY_WAREHOUSE must be none, or a URL/],
  ['CLARITY_CACHE', 'memcached://x', /CLARITY_CACHE must be memory:, or a URL/],
  ['CLARITY_DATA', '', /CLARITY_DATA must be a folder/],
  ['CLARITY_DOCUMENT', 'sqlite:', /Unknown setting CLARITY_DOCUMENT\. Known are: CLARITY_DATA, CLARITY_DOCUMENTS/],
])('%s=%s stops the start with what it may be', (name, value, sentence) => {
  expect(() => readConfig({ [name]: value })).toThrow(sentence)
})

test('a narrator is the template or names a language model', () => {
  const model = 'openai-compatible:http://127.0.0.1:11434/v1#llama3.2'
  expect(readConfig({ CLARITY_NARRATOR: model, CLARITY_NARRATOR_KEY: 'k' })).toMatchObject({ narrator: model, narratorKey: 'k' })
  expect(readConfig({ CLARITY_NARRATOR: 'google:gemini-2.5-flash' }).narrator).toBe('google:gemini-2.5-flash')
  for (const narrator of ['openai-compatible:http://127.0.0.1:11434/v1', 'gpt', 'template:x'])
    expect(() => readConfig({ CLARITY_NARRATOR: narrator })).toThrow('CLARITY_NARRATOR must be template:')
})
