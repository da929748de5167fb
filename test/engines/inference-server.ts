import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LoadedModel, Matrix } from '../../src/ports/inference.ts'

export interface InferenceServer extends AsyncDisposable {
  readonly endpoint: string
  /** What was asked, as `METHOD /path`. */
  readonly asked: string[]
  /** What it answers instead, once it is set; undefined lets the model answer. */
  instead: ((response: ServerResponse) => void) | undefined
}

/** A model behind the Open Inference Protocol, version 2, on loopback: its ready and infer calls and nothing else. */
export async function startInferenceServer(model: LoadedModel, known: string): Promise<InferenceServer> {
  const asked: string[] = []
  const state: { instead: InferenceServer['instead'] } = { instead: undefined }
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (state.instead !== undefined) return state.instead(response)
    if (!request.url?.startsWith(`/v2/models/${known}/`)) return answer(response, 404, { error: 'unknown model' })
    if (request.url.endsWith('/ready')) return answer(response, 200, {})
    await infer(model, await bodyOf(request), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get instead() {
      return state.instead
    },
    set instead(value) {
      state.instead = value
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function infer(model: LoadedModel, text: string, response: ServerResponse): Promise<void> {
  const { inputs } = JSON.parse(text) as { inputs: { name: string; shape: [number, number, number]; datatype: string; data: number[] }[] }
  const [input] = inputs
  if (input?.name !== 'features' || input.datatype !== 'FP32') return answer(response, 400, { error: 'no features' })
  const features: Matrix = { rows: input.shape[1], columns: input.shape[2], values: Float32Array.from(input.data) }
  try {
    const [told] = await model.run([features])
    const { rows, columns, values } = told as Matrix
    const outputs = [{ name: 'probabilities', shape: [1, rows, columns], datatype: 'FP32', data: [...values] }]
    answer(response, 200, { model_name: 'm', outputs })
  } catch {
    answer(response, 400, { error: 'wrong shape' })
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
