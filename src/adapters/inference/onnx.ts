import { hash } from 'node:crypto'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { Problem } from '../../model/problem.ts'
import type { Inference, LoadedModel, Matrix, ModelToLoad } from '../../ports/inference.ts'

export interface OnnxOptions {
  /** Cores that one run may take. */
  readonly threads?: number
}

type Runtime = typeof import('onnxruntime-node')

/** In this process, by ONNX Runtime. A model has one input `features` and one output `probabilities`, each [nights, rows, columns]. */
export function openOnnxInference({ threads = 1 }: OnnxOptions = {}): Inference {
  return {
    async load(model) {
      const weights = await model.weights()
      refuseOthers(weights, model)
      const runtime = await openRuntime()
      return loaded(runtime, await sessionOf(runtime, weights, threads))
    },
  }
}

/** Unless told not to, the runtime (from 1.29 on; we have 1.27) keeps an id of the device under the home folder and sends its maker what is used. */
async function openRuntime(): Promise<Runtime> {
  // biome-ignore lint/style/noProcessEnv: this is how the runtime is told
  process.env.ORT_DISABLE_TELEMETRY = '1'
  return import('onnxruntime-node')
}

function refuseOthers(weights: Uint8Array, { name, version, sha256 }: ModelToLoad): void {
  if (hash('sha256', weights, 'hex') !== sha256)
    throw new Problem('storage_corrupt', `The weights of ${name} ${version} are not those of its checksum.`)
}

async function sessionOf(runtime: Runtime, weights: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    const session = await runtime.InferenceSession.create(weights, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      enableCpuMemArena: false,
      enableMemPattern: false,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    })
    if (session.inputNames.join() === 'features' && session.outputNames.join() === 'probabilities') return session
    await session.release()
    throw new Problem('model_unavailable', 'The weights are no model from features to probabilities.')
  } catch (error) {
    throw error instanceof Problem
      ? error
      : new Problem('model_unavailable', 'The weights are no model that can be read.', { cause: error })
  }
}

function loaded(runtime: Runtime, session: InferenceSession): LoadedModel {
  let isOpen = true
  return {
    async run(batch) {
      if (!isOpen) throw new Error('The model was disposed.')
      const answers: Matrix[] = []
      for (const features of batch) answers.push(await runOne(runtime, session, features))
      return answers
    },
    async [Symbol.asyncDispose]() {
      if (!isOpen) return
      isOpen = false
      await session.release()
    },
  }
}

async function runOne({ Tensor }: Runtime, session: InferenceSession, { rows, columns, values }: Matrix): Promise<Matrix> {
  const features = new Tensor('float32', values, [1, rows, columns])
  const { probabilities } = await runWith(session, features)
  const [, answered, classes] = probabilities?.dims ?? []
  if (answered !== rows || classes === undefined) throw new Problem('invalid', 'The model answers for other rows than were asked.')
  return { rows, columns: classes, values: (probabilities as Tensor).data as Float32Array }
}

async function runWith(session: InferenceSession, features: Tensor): Promise<Readonly<Record<string, Tensor>>> {
  try {
    return (await session.run({ features })) as Readonly<Record<string, Tensor>>
  } catch (error) {
    throw new Problem('invalid', 'The features do not fit the model.', { cause: error })
  }
}
