export interface Codes {
  readonly loinc?: string
  /** The code of a whole day's total, where it differs. */
  readonly loincDaily?: string
  readonly loincPanel?: string
  /** Further codes that an output carries beside `loinc`. */
  readonly loincAlso?: readonly string[]
  /** Full identifier, e.g. `HKQuantityTypeIdentifierStepCount`. */
  readonly healthKit?: string
  readonly healthConnect?: string
  readonly omh?: string
}

export interface MetricRow {
  /** UCUM. */
  readonly unit: string
  readonly kind: 'cumulative' | 'discrete' | 'category'
  /** [min, max] of one sample in `unit`; a sample outside is quarantined with the code `outOfRange`. */
  readonly plausible: readonly [number, number]
  readonly outOfRange: 'hr_out_of_range' | 'out_of_range'
  readonly loinc: string | null
  readonly loincDaily?: string
  readonly loincPanel?: string
  readonly loincAlso?: readonly string[]
  readonly healthKit: string | null
  readonly healthConnect: string | null
  readonly omh: string | null
  /** One value a day. */
  readonly daily?: true
  /** A difference of two readings: converting it takes the factor without the offset. */
  readonly difference?: true
  /** Computed here, never read from a device. */
  readonly derived?: true
  /** HealthKit's `%` is a fraction of one: 0.97 is 97 %. */
  readonly healthKitFraction?: true
  /** The category value of `healthKit` that means this row, after `HKCategoryValueSleepAnalysis`. */
  readonly healthKitValue?: string
  /** Samples of `healthKit` are read as this metric; this row is derived from it. */
  readonly healthKitReadAs?: string
  /** Not in the published mapping; a common Apple type. */
  readonly addition?: true
}

/** The identifier of a HealthKit quantity type. */
export function hk(name: string): string {
  return `HKQuantityTypeIdentifier${name}`
}

export function cumulative(unit: string, min: number, max: number, codes: Codes): MetricRow {
  return row('cumulative', unit, [min, max], codes)
}

export function discrete(unit: string, min: number, max: number, codes: Codes): MetricRow {
  return row('discrete', unit, [min, max], codes)
}

/** An episode; in minutes, at most a week (a device left in one state). */
export function session(unit: string, codes: Codes): MetricRow {
  return row('category', unit, [0, 10_080], codes)
}

function row(kind: MetricRow['kind'], unit: string, plausible: readonly [number, number], codes: Codes): MetricRow {
  return { unit, kind, plausible, outOfRange: 'out_of_range', loinc: null, healthKit: null, healthConnect: null, omh: null, ...codes }
}
