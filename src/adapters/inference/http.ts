import { Problem } from '../../model/problem.ts'
import type { Egress, IncomingReply } from '../../ports/egress.ts'
import type { Inference, LoadedModel, Matrix, ModelToLoad } from '../../ports/inference.ts'

export interface HttpInferenceDeps {
  readonly egress: Egress
  /** For one night, from the look-up of the name on. */
  readonly timeoutMs?: number
}

/**
 * In another process that speaks the Open Inference Protocol, version 2 (kserve.github.io/website/docs/concepts/architecture/data-plane):
 * `GET {endpoint}/v2/models/{name}/versions/{version}/ready` and `POST …/infer` with the tensors as JSON.
 */
export function openHttpInference({ egress, timeoutMs = 10_000 }: HttpInferenceDeps): Inference {
  return {
    async load(model) {
      const base = baseOf(model)
      const ready = await egress.send({ method: 'GET', url: `${base}/ready`, timeoutMs })
      if (ready.status === 404) throw new Problem('model_unavailable', `The endpoint has no ${model.name} ${model.version}.`)
      refuseFailed(ready)
      return remote(base, { egress, timeoutMs })
    },
  }
}

function baseOf({ name, version, endpoint }: ModelToLoad): string {
  if (endpoint === undefined) throw new Problem('model_unavailable', `${name} ${version} has no endpoint.`)
  return `${endpoint.replace(/\/+$/, '')}/v2/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`
}

function remote(base: string, { egress, timeoutMs }: Required<HttpInferenceDeps>): LoadedModel {
  let isOpen = true
  return {
    async run(batch) {
      if (!isOpen) throw new Error('The model was disposed.')
      const answers: Matrix[] = []
      for (const features of batch) {
        const body = Buffer.from(JSON.stringify(requestOf(features)))
        const headers = { 'content-type': 'application/json', accept: 'application/json' }
        answers.push(answerIn(await egress.send({ method: 'POST', url: `${base}/infer`, headers, body, timeoutMs }), features.rows))
      }
      return answers
    },
    async [Symbol.asyncDispose]() {
      isOpen = false
    },
  }
}

function requestOf({ rows, columns, values }: Matrix) {
  return { inputs: [{ name: 'features', shape: [1, rows, columns], datatype: 'FP32', data: [...values] }] }
}

/** What another program says is looked at before it is believed. */
function answerIn(reply: IncomingReply, rows: number): Matrix {
  if (reply.status === 400 || reply.status === 422) throw new Problem('invalid', 'The features do not fit the model.')
  refuseFailed(reply)
  const output = outputsOf(reply.body)?.find(({ name }) => name === 'probabilities')
  const [, answered, columns] = output?.shape ?? []
  const values = Float32Array.from(output?.data ?? [])
  if (answered !== rows || columns === undefined || values.length !== rows * columns || !values.every((each) => each >= 0 && each <= 1))
    throw new Problem('unavailable', 'The endpoint did not answer with probabilities.')
  return { rows, columns, values }
}

interface Output {
  readonly name?: unknown
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

function outputsOf(body: Uint8Array): readonly Output[] | undefined {
  try {
    const { outputs } = JSON.parse(Buffer.from(body).toString('utf8'))
    return Array.isArray(outputs) ? outputs.filter((each) => Array.isArray(each?.shape) && Array.isArray(each?.data)) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

function refuseFailed({ status }: IncomingReply): void {
  if (status < 200 || status > 299) throw new Problem('unavailable', `The endpoint answered ${status}.`)
}
