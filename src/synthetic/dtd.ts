/** `name!` is an attribute that must be there. */
interface Element {
  readonly name: string
  readonly content: string
  readonly attributes?: string
}

const measured = 'sourceName! sourceVersion device creationDate startDate! endDate!'
const eye = ['sphere', 'cylinder', 'axis', 'add', 'vertex', 'prismAmount', 'prismAngle', 'farPD', 'nearPD', 'baseCurve', 'diameter']
const eyeAttributes = eye.map((name) => `${name} ${name}Unit`).join(' ')
const ear = ['Value', 'Unit', 'Masked', 'ClampingRangeLowerBound', 'ClampingRangeUpperBound']
const earAttributes = ['left', 'right'].map((side) => ear.map((name) => `${side}Ear${name}`).join(' ')).join(' ')

/** The elements of HealthKit Export Version 14 and what they may hold. */
const elements: readonly Element[] = [
  {
    name: 'HealthData',
    content: '(ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription)*)',
    attributes: 'locale!',
  },
  { name: 'ExportDate', content: 'EMPTY', attributes: 'value!' },
  {
    name: 'Me',
    content: 'EMPTY',
    attributes: ['DateOfBirth', 'BiologicalSex', 'BloodType', 'FitzpatrickSkinType', 'CardioFitnessMedicationsUse']
      .map((name) => `HKCharacteristicTypeIdentifier${name}!`)
      .join(' '),
  },
  { name: 'Record', content: '((MetadataEntry|HeartRateVariabilityMetadataList)*)', attributes: `type! unit value ${measured}` },
  { name: 'Correlation', content: '((MetadataEntry|Record)*)', attributes: `type! ${measured}` },
  {
    name: 'Workout',
    content: '((MetadataEntry|WorkoutEvent|WorkoutRoute|WorkoutStatistics|WorkoutActivity)*)',
    attributes: `workoutActivityType! duration durationUnit totalDistance totalDistanceUnit totalEnergyBurned totalEnergyBurnedUnit ${measured}`,
  },
  {
    name: 'WorkoutActivity',
    content: '((MetadataEntry|WorkoutStatistics)*)',
    attributes: 'uuid! startDate! endDate duration durationUnit',
  },
  { name: 'WorkoutEvent', content: '((MetadataEntry)*)', attributes: 'type! date! duration durationUnit' },
  { name: 'WorkoutStatistics', content: 'EMPTY', attributes: 'type! startDate! endDate! average minimum maximum sum unit' },
  { name: 'WorkoutRoute', content: '((MetadataEntry|FileReference)*)', attributes: measured },
  { name: 'FileReference', content: 'EMPTY', attributes: 'path!' },
  {
    name: 'ActivitySummary',
    content: 'EMPTY',
    attributes:
      'dateComponents activeEnergyBurned activeEnergyBurnedGoal activeEnergyBurnedUnit appleMoveTime appleMoveTimeGoal appleExerciseTime appleExerciseTimeGoal appleStandHours appleStandHoursGoal',
  },
  { name: 'MetadataEntry', content: 'EMPTY', attributes: 'key! value!' },
  { name: 'HeartRateVariabilityMetadataList', content: '(InstantaneousBeatsPerMinute*)' },
  { name: 'InstantaneousBeatsPerMinute', content: 'EMPTY', attributes: 'bpm! time!' },
  {
    name: 'ClinicalRecord',
    content: 'EMPTY',
    attributes: 'type! identifier! sourceName! sourceURL! fhirVersion! receivedDate! resourceFilePath!',
  },
  { name: 'Audiogram', content: '((MetadataEntry|SensitivityPoint)*)', attributes: `type! ${measured}` },
  { name: 'SensitivityPoint', content: 'EMPTY', attributes: `frequencyValue! frequencyUnit! ${earAttributes}` },
  {
    name: 'VisionPrescription',
    content: '((RightEye|LeftEye|Attachment|MetadataEntry)*)',
    attributes: 'type! dateIssued! expirationDate brand',
  },
  { name: 'RightEye', content: 'EMPTY', attributes: eyeAttributes },
  { name: 'LeftEye', content: 'EMPTY', attributes: eyeAttributes },
  { name: 'Attachment', content: 'EMPTY', attributes: 'identifier! name! fileURL! contentType!' },
]

const unclosed = ['VisionPrescription', 'RightEye', 'LeftEye']

/**
 * The DOCTYPE that stands in every export. `ios16`: as the first exports of iOS 16 had it, with attribute lists that are never closed
 * and a `>` too many at the end, on which XML parsers stop.
 */
export function doctype(kind: 'valid' | 'ios16'): string {
  const isBroken = kind === 'ios16'
  const declared = elements.map(({ name, content, attributes }) => {
    const list = (attributes ?? '').split(' ').filter((attribute) => attribute !== '')
    const lines = list.map((attribute) => `  ${attribute.replace('!', '')} CDATA ${attribute.endsWith('!') ? '#REQUIRED' : '#IMPLIED'}\n`)
    const close = isBroken && unclosed.includes(name) ? '' : '>\n'
    return `<!ELEMENT ${name} ${content}>\n${list.length === 0 ? '' : `<!ATTLIST ${name}\n${lines.join('')}${close}`}`
  })
  const version = isBroken ? 12 : 14
  return `<!DOCTYPE HealthData [\n<!-- HealthKit Export Version: ${version} -->\n${declared.join('')}${isBroken ? '>\n' : ''}]>\n`
}
