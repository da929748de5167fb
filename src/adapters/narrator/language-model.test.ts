import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../../test/fixtures/days.ts'
import { composeInsight } from '../../analysis/insight.ts'
import { narrate } from '../../flows/narrate.ts'
import { openLanguageNarrator } from './language-model.ts'
import { templateNarrator } from './template.ts'

const date = '2024-01-20'
const draft = composeInsight({
  day: aDay(date, { userId: 'robin-1986', steps: 9812, sleep: aNight(date, 402), heartRate: { resting: 57, method: 'device' } }),
  history: daysBefore(date, 28, (each) =>
    aDay(each, { steps: 9000, sleep: aNight(each, 420), heartRate: { resting: 56, method: 'device' } }),
  ),
  generatedAt: '2024-01-21T06:00:00Z',
  processingTimeS: 0,
})
const good = 'You slept 6 h 42 min, about your usual 7 h 0 min, and took 9,812 steps. Your resting heart rate was 57 bpm.'

/** Stands where the model would: answers each call as told, and remembers what it was asked. */
let server: Server
let asked: { readonly url: string; readonly body: string; readonly headers: IncomingMessage['headers'] }[]
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  asked = []
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push({ url: request.url ?? '', body, headers: request.headers })
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function json(body: unknown, status = 200) {
  return (response: ServerResponse) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** As an OpenAI-compatible server says it. */
function says(content: string, finish = 'stop') {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
  return json({
    id: '1',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }],
    usage,
  })
}

const open = (options = {}) => openLanguageNarrator(`openai-compatible:${base()}/v1#llama3.2`, options)
async function told(options = {}) {
  const { narrative, metadata } = await narrate(
    { narrator: await open(options), fallback: templateNarrator },
    draft,
    true,
    async () => true,
  )
  return { summary: narrative?.summary, narrator: metadata.narrator, fallback: metadata.fallback }
}
const template = async () => ({ summary: await templateNarrator.summarise(draft.facts), narrator: 'template' })

test('a text that the evidence bears stands, under the model’s name and without a fallback', async () => {
  answer = says(`  ${good}\n`)
  expect(await told()).toEqual({ summary: good, narrator: 'openai-compatible:llama3.2', fallback: undefined })
})

test('the model gets facts and numbers, and neither name nor date nor id', async () => {
  answer = says(good)
  await told({ key: 'k-1' })
  expect(asked).toHaveLength(1)
  expect(asked[0]?.url).toBe('/v1/chat/completions')
  expect(asked[0]?.headers.authorization).toBe('Bearer k-1')
  expect(asked[0]?.body).toContain('You slept 6 h 42 min')
  for (const word of ['robin', '2024', '1986', date, 'u1', 'insight_']) expect(asked[0]?.body).not.toContain(word)
})

describe('the template’s text stands in, and says why, where the model', () => {
  const refused: readonly (readonly [what: string, text: string, reason: string])[] = [
    ['invents a number', 'You slept 6 h 42 min and took 12,345 steps.', 'unsupported_number'],
    ['changes a unit', 'You slept 402 h and took 9,812 steps.', 'unsupported_number'],
    ['computes a number', 'You took 812 steps more than usual, 18 min less of sleep, and 9 % more in all.', 'unsupported_number'],
    ['writes a number in words', 'You slept nearly seven and a half hours.', 'unsupported_number'],
    ['speaks of an illness', 'You slept 6 h 42 min; that may be a sign of insomnia.', 'medical_word'],
    ['says next to nothing', 'Fine.', 'too_short'],
    ['does not stop', `${good} `.repeat(12), 'too_long'],
  ]
  test.each(refused)('%s', async (_, text, reason) => {
    answer = says(text)
    expect(await told()).toEqual({ ...(await template()), fallback: reason })
  })

  test('is cut off, or filtered', async () => {
    answer = says(good, 'length')
    expect(await told()).toEqual({ ...(await template()), fallback: 'cut_off' })
    answer = says(good, 'content_filter')
    expect(await told()).toEqual({ ...(await template()), fallback: 'refused' })
  })

  test.each([500, 503, 429, 401])('answers with %i', async (status) => {
    answer = json({ error: { message: 'no' } }, status)
    expect(await told()).toEqual({ ...(await template()), fallback: 'unavailable' })
  })

  test('answers with something that is no answer', async () => {
    for (const body of ['<html>', '{"choices":[]}', '']) {
      answer = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body)
      expect(await told(), body).toEqual({ ...(await template()), fallback: 'unavailable' })
    }
  })

  test('hangs up', async () => {
    answer = (response) => response.destroy()
    expect(await told()).toEqual({ ...(await template()), fallback: 'unavailable' })
  })

  test('never answers', async () => {
    answer = () => undefined
    expect(await told({ timeoutMs: 50 })).toEqual({ ...(await template()), fallback: 'timed_out' })
  })
})

test('a model that is down is left in peace for a while, and asked again after it', async () => {
  answer = json({}, 503)
  const narrator = await open({ restMs: 3_600_000 })
  expect(await narrator.summarise(draft.facts)).toEqual({ because: 'unavailable' })
  expect(await narrator.summarise(draft.facts)).toEqual({ because: 'unavailable' })
  expect(asked).toHaveLength(1)
  const restless = await open({ restMs: 0 })
  await restless.summarise(draft.facts)
  answer = says(good)
  expect(await restless.summarise(draft.facts)).toBe(good)
})

test('dates long past are the template’s, and no model is asked', async () => {
  answer = says(good)
  const insight = await narrate({ narrator: await open(), fallback: templateNarrator }, draft, false, async () => true)
  expect(insight.metadata).toMatchObject({ narrator: 'template' })
  expect(insight.metadata.fallback).toBeUndefined()
  expect(asked).toEqual([])
})

test('Google and Anthropic are asked in their own ways', async () => {
  answer = json({ candidates: [{ content: { parts: [{ text: good }], role: 'model' }, finishReason: 'STOP' }] })
  const google = await openLanguageNarrator('google:gemini-2.5-flash', { key: 'g', baseUrl: base() })
  expect(await google.summarise(draft.facts)).toBe(good)
  answer = json({
    id: '1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: good }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  })
  const anthropic = await openLanguageNarrator('anthropic:claude-haiku-4-5', { key: 'a', baseUrl: base() })
  expect(await anthropic.summarise(draft.facts)).toBe(good)
  expect(asked.map(({ url }) => url)).toEqual(['/models/gemini-2.5-flash:generateContent', '/messages'])
  expect([google.name, anthropic.name]).toEqual(['google:gemini-2.5-flash', 'anthropic:claude-haiku-4-5'])
})

test('a place that names no model is refused, with what it may be', async () => {
  for (const place of ['openai-compatible:http://127.0.0.1:1/v1', 'openai-compatible:#m', 'google:', 'mistral:x'])
    await expect(openLanguageNarrator(place)).rejects.toMatchObject({ code: 'wrong_use' })
})
