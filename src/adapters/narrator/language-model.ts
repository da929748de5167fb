import type { LanguageModel } from 'ai'
import { Problem } from '../../model/problem.ts'
import type { Facts, Narrator, Silence } from '../../ports/narrator.ts'

export interface LanguageNarratorOptions {
  /** Sent as the provider wants it; without it the provider's own variable of the environment is used, if it has one. */
  readonly key?: string
  /** Where Google's or Anthropic's API is asked for, in place of their own address. */
  readonly baseUrl?: string
  readonly timeoutMs?: number
  /** For how long nothing is asked after the model did not answer: a batch of days must not wait for each of them. */
  readonly restMs?: number
}

const MOST_STATEMENTS = 12
const MOST_TOKENS = 1024

const instructions = `You write the summary of one person's day from facts about sleep, movement and heart rate.
Write two to five plain, friendly sentences in English, addressed to the person as "you", in one paragraph and without headings or lists.
Use only the facts given. Repeat numbers and units exactly as they stand there; compute none, round none and add none.
Say nothing about illness, diagnosis, medicine or danger, and give no advice that is not in the facts.`

/**
 * Summaries by a language model: `openai-compatible:URL#MODEL` (a local one too), `google:MODEL` or `anthropic:MODEL`. What it gets are the
 * sentences of the analysis and nothing that says whose they are, not even the date. A model that fails is silent.
 */
export async function openLanguageNarrator(
  place: string,
  { key, baseUrl, timeoutMs = 20_000, restMs = 60_000 }: LanguageNarratorOptions = {},
): Promise<Narrator> {
  const sdk = await import('ai')
  const { model, name, isElsewhere } = await openModel(place, { key, baseUrl })
  let restsUntil = Number.NEGATIVE_INFINITY
  return {
    name,
    isElsewhere,
    async summarise(facts) {
      if (performance.now() < restsUntil) return { because: 'unavailable' }
      const said = await ask(sdk, model, facts, timeoutMs)
      const isDown = typeof said !== 'string' && (said.because === 'timed_out' || said.because === 'unavailable')
      restsUntil = isDown ? performance.now() + restMs : Number.NEGATIVE_INFINITY
      return said
    },
  }
}

async function ask({ generateText, AISDKError }: Sdk, model: LanguageModel, facts: Facts, timeoutMs: number): Promise<string | Silence> {
  try {
    const { text, finishReason } = await generateText({
      model,
      instructions,
      prompt: promptOf(facts),
      maxOutputTokens: MOST_TOKENS,
      temperature: 0,
      maxRetries: 0,
      abortSignal: AbortSignal.timeout(timeoutMs),
    })
    if (finishReason === 'content-filter') return { because: 'refused' }
    return finishReason === 'length' ? { because: 'cut_off' } : text.trim()
  } catch (error) {
    if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) return { because: 'timed_out' }
    if (AISDKError.isInstance(error)) return { because: 'unavailable' }
    throw error
  }
}

type Sdk = Pick<typeof import('ai'), 'AISDKError' | 'generateText'>

function promptOf({ statements }: Facts): string {
  return `Facts, the most important first:\n${statements
    .slice(0, MOST_STATEMENTS)
    .map(({ text }) => `- ${text}`)
    .join('\n')}`
}

/** The SDK of the provider named, and of no other, is loaded. */
async function openModel(
  place: string,
  { key, baseUrl }: { readonly key: string | undefined; readonly baseUrl: string | undefined },
): Promise<{ readonly model: LanguageModel; readonly name: string; readonly isElsewhere: boolean }> {
  const [, provider = '', rest = ''] = /^([a-z-]+):(.*)$/s.exec(place) ?? []
  const apiKey = key === undefined ? {} : { apiKey: key }
  const settings = { ...apiKey, ...(baseUrl !== undefined && { baseURL: baseUrl }) }
  if (provider === 'google' && rest !== '')
    return { model: (await import('@ai-sdk/google')).createGoogle(settings)(rest), name: `google:${rest}`, isElsewhere: true }
  if (provider === 'anthropic' && rest !== '')
    return { model: (await import('@ai-sdk/anthropic')).createAnthropic(settings)(rest), name: `anthropic:${rest}`, isElsewhere: true }
  const [, baseURL = '', model = ''] = /^(https?:\/\/[^#]+)#(.+)$/.exec(rest) ?? []
  if (provider !== 'openai-compatible' || model === '')
    throw new Problem('wrong_use', 'A narrator is template:, openai-compatible:URL#MODEL, google:MODEL or anthropic:MODEL.')
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const compatible = createOpenAICompatible({ name: 'openai-compatible', baseURL, ...apiKey })
  return { model: compatible(model), name: `openai-compatible:${model}`, isElsewhere: !isOnThisMachine(baseURL) }
}

/** A model of the operator's own on another machine cannot be told from one of somebody else. */
function isOnThisMachine(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
}
