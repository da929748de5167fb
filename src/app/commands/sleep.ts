import { type StagedRecording, stageRecording } from '../../flows/stage-recording.ts'
import { Problem } from '../../model/problem.ts'
import type { Command, Run } from '../command.ts'
import { openHouse } from '../house.ts'
import { modelNamed } from '../model-name.ts'
import { readNightFile } from '../night-file.ts'

export const sleep: Command = {
  summary: 'Stages one night’s recording: awake, light, deep or REM for each half minute.',
  takesWords: true,
  usage: 'stage FILE [--model NAME@VERSION]',
  flags: { model: { value: 'NAME@VERSION', help: 'this version, active or not; the active one that measures best without it' } },
  async run(run) {
    const [verb, file, ...rest] = run.positionals
    if (verb !== 'stage' || file === undefined || rest.length > 0) throw new Problem('wrong_use', 'Say sleep stage FILE.')
    const named = run.flags.model === undefined ? undefined : modelNamed(run.flags.model)
    const night = await readNightFile(file)
    await using house = await openHouse(run.config, 'clarity sleep')
    const staged = await stageRecording(await house.stagers.ready(named), night)
    tell(run, staged)
    return 0
  },
}

function tell(run: Run, staged: StagedRecording): void {
  const summary = summaryOf(staged)
  if (run.json) {
    run.out(`${JSON.stringify({ ...staged, epochs: staged.epochs.map(rounded), summary })}\n`)
    return
  }
  run.out(`${staged.model.name} ${staged.model.version}, ${staged.epochs.length} epochs of ${staged.epochSeconds} s\n`)
  for (const [stage, minutes] of Object.entries(summary.minutes)) run.out(`  ${stage.padEnd(8)} ${minutes.toFixed(1)} min\n`)
}

function rounded({ probabilities, ...epoch }: StagedRecording['epochs'][number]) {
  if (probabilities === undefined) return epoch
  const shown = Object.entries(probabilities).map(([stage, share]) => [stage, Math.round(share * 10_000) / 10_000])
  return { ...epoch, probabilities: Object.fromEntries(shown) }
}

/** Minutes of each stage that there is, from the first epoch asleep to the last, and how sure the model was. */
function summaryOf({ epochs, epochSeconds }: StagedRecording) {
  const minutes: Record<string, number> = {}
  for (const { stage } of epochs) minutes[stage] = (minutes[stage] ?? 0) + epochSeconds / 60
  const asleep = epochs.filter(({ stage }) => stage !== 'awake').length
  const first = epochs.findIndex(({ stage }) => stage !== 'awake')
  const sure = epochs.flatMap(({ stage, probabilities }) =>
    probabilities === undefined || stage === 'asleep' ? [] : [probabilities[stage]],
  )
  return {
    minutes,
    asleepMinutes: (asleep * epochSeconds) / 60,
    ...(first >= 0 && { onsetLatencyMinutes: (first * epochSeconds) / 60 }),
    efficiency: epochs.length === 0 ? 0 : Math.round((asleep / epochs.length) * 10_000) / 10_000,
    ...(sure.length > 0 && { confidence: Math.round((sure.reduce((a, b) => a + b, 0) / sure.length) * 1000) / 1000 }),
  }
}
