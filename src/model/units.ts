import type { MetricRow } from './metric-row.ts'
import { type MetricName, metrics } from './metrics.ts'

/** canonical = raw * factor + offset, canonical being the metric's unit. */
export interface Conversion {
  readonly factor: number
  readonly offset: number
}

/**
 * How a value in `unit` becomes one in the metric's unit; undefined for a unit that this metric cannot have (the sample is
 * quarantined as `unit_unknown`). Unit strings are case sensitive (`Cal` is 1000 `cal`). HealthKit says `%` where it
 * means a fraction of one. Factors: NIST SP 811 (2008) appendix B, thermochemical calorie; molar mass of glucose as HealthKit has it.
 */
export function conversion(metric: MetricName, unit: string, vocabulary?: 'healthkit'): Conversion | undefined {
  const row: MetricRow = metrics[metric]
  if (vocabulary === 'healthkit' && unit === '%' && row.healthKitFraction) return { factor: 100, offset: 0 }
  const units = dimensionOf(row)
  const raw = units.get(unit) ?? (row.unit === 'mg/dL' ? molarGlucose(unit) : undefined)
  const canonical = units.get(row.unit)
  if (raw === undefined || canonical === undefined) return undefined
  return { factor: raw.scale / canonical.scale, offset: row.difference ? 0 : (raw.zero - canonical.zero) / canonical.scale }
}

/** Every unit string that a metric may come in, the molar form of glucose aside. */
export function unitsOf(metric: MetricName): readonly string[] {
  return [...dimensionOf(metrics[metric]).keys()]
}

/** In the dimension's base unit: the size of one unit, and where its zero lies. */
interface Unit {
  readonly scale: number
  readonly zero: number
}
type Dimension = ReadonlyMap<string, Unit>

function dimensionOf(row: MetricRow): Dimension {
  return dimensionOfUnit.get(row.unit) ?? new Map()
}

/** HealthKit writes `mmol<180.1558800000541>/L`, the molar mass in g/mol between the brackets. */
function molarGlucose(unit: string): Unit | undefined {
  const mass = Number(/^mmol<(180\.1[56]\d{0,20})>\/L$/.exec(unit)?.[1])
  return Number.isNaN(mass) ? undefined : { scale: mass / 10, zero: 0 }
}

function dimension(scales: Readonly<Record<string, number>>): Dimension {
  return new Map(Object.entries(scales).map(([unit, scale]) => [unit, { scale, zero: 0 }]))
}

// Bases are chosen so that a metric's own unit is a whole number of them: one rounding at most.
const lengthCm = dimension({
  cm: 1,
  mm: 0.1,
  m: 100,
  km: 100_000,
  in: 2.54,
  ft: 30.48,
  yd: 91.44,
  mi: 160_934.4,
  '[in_i]': 2.54,
  '[ft_i]': 30.48,
  '[yd_i]': 91.44,
  '[mi_i]': 160_934.4,
  meters: 100,
  miles: 160_934.4,
})
const massMg = dimension({
  mg: 1,
  mcg: 0.001,
  ug: 0.001,
  g: 1000,
  kg: 1_000_000,
  lb: 453_592.37,
  oz: 28_349.523125,
  st: 6_350_293.18,
  '[lb_av]': 453_592.37,
  '[oz_av]': 28_349.523125,
  '[stone_av]': 6_350_293.18,
})
const energyKcal = dimension({ kcal: 1, Cal: 1, calories: 1, cal: 0.001, kJ: 1 / 4.184, J: 1 / 4184 })
const timeMs = dimension({ ms: 1, s: 1000, min: 60_000, hr: 3_600_000, h: 3_600_000, d: 86_400_000 })
const ratePerMinute = dimension({ '/min': 1, 'count/min': 1, bpm: 1, 'count/s': 60, '/s': 60, Hz: 60, 'count/hr': 1 / 60, '/h': 1 / 60 })
const volumeMl = dimension({
  mL: 1,
  ml: 1,
  cL: 10,
  dL: 100,
  L: 1000,
  l: 1000,
  fl_oz_us: 29.5735295625,
  fl_oz_imp: 28.4130625,
  cup_us: 236.5882365,
  cup_imp: 284.130625,
  pt_us: 473.176473,
  pt_imp: 568.26125,
  '[foz_us]': 29.5735295625,
})
const speedMs = dimension({ 'm/s': 1, 'km/hr': 1 / 3.6, 'km/h': 1 / 3.6, 'mi/hr': 0.44704, mph: 0.44704, 'ft/s': 0.3048, 'cm/s': 0.01 })
const temperatureCel: Dimension = new Map([
  ...dimension({ Cel: 1, degC: 1 }),
  ['K', { scale: 1, zero: -273.15 }],
  ['degF', { scale: 5 / 9, zero: -160 / 9 }],
  ['[degF]', { scale: 5 / 9, zero: -160 / 9 }],
])
const glucoseMgDl = dimension({ 'mg/dL': 1, 'mg/dl': 1, 'mmol/L': 18.01558800000541, 'mmol/l': 18.01558800000541, 'g/L': 100, 'mg/L': 0.1 })
const pressureMmHg = dimension({ 'mm[Hg]': 1, mmHg: 1, kPa: 1000 / 133.322387415, Pa: 1 / 133.322387415 })

const dimensionOfUnit: ReadonlyMap<string, Dimension> = new Map([
  ['m', lengthCm],
  ['cm', lengthCm],
  ['kg', massMg],
  ['g', massMg],
  ['mg', massMg],
  ['kcal', energyKcal],
  ['ms', timeMs],
  ['min', timeMs],
  ['h', timeMs],
  ['/min', ratePerMinute],
  ['mL', volumeMl],
  ['m/s', speedMs],
  ['Cel', temperatureCel],
  ['mg/dL', glucoseMgDl],
  ['mm[Hg]', pressureMmHg],
  ['%', dimension({ '%': 1, '1': 100 })],
  ['W', dimension({ W: 1, kW: 1000 })],
  ['{steps}', dimension({ '{steps}': 1, count: 1, steps: 1, '1': 1 })],
  ['{flights}', dimension({ '{flights}': 1, count: 1, flights: 1, '1': 1 })],
  ['{strokes}', dimension({ '{strokes}': 1, count: 1, '1': 1 })],
  ['{pushes}', dimension({ '{pushes}': 1, count: 1, '1': 1 })],
  ['{session}', dimension({ '{session}': 1, count: 1, '1': 1 })],
  // HealthKit gives body mass index as a bare count, and breathing disturbances per hour likewise.
  ['kg/m2', dimension({ 'kg/m2': 1, 'kg/m^2': 1, count: 1 })],
  ['{events}/h', dimension({ '{events}/h': 1, count: 1, 'count/hr': 1 })],
  [
    'mL/kg/min',
    dimension({ 'mL/kg/min': 1, 'mL/min·kg': 1, 'mL/kg·min': 1, 'mL/(kg*min)': 1, 'mL/(min*kg)': 1, 'mL/(kg·min)': 1, 'ml/kg/min': 1 }),
  ],
  ['kcal/kg/h', dimension({ 'kcal/kg/h': 1, 'kcal/hr·kg': 1, 'kcal/kg·hr': 1, 'kcal/(kg*hr)': 1, 'kcal/(hr*kg)': 1 })],
  ['dB[SPL]', dimension({ 'dB[SPL]': 1, dBASPL: 1 })],
  ['[iU]', dimension({ '[iU]': 1, IU: 1 })],
  // Here g is the standard acceleration of gravity, 9.80665 m/s2.
  ['[g]', dimension({ '[g]': 1, g: 1, G: 1, mg: 0.001, 'm/s2': 1 / 9.80665, 'm/s^2': 1 / 9.80665 })],
  ['{counts}/min', dimension({ '{counts}/min': 1, 'counts/min': 1, 'count/min': 1 })],
])
