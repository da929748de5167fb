import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MetricName, metricNames, metrics } from './metrics.ts'
import { conversion, unitsOf } from './units.ts'

/** Metric unit → how much of it each other unit is at the stated reading; figures from NIST SP 811 and the definitions of the units. */
const published: Record<string, readonly (readonly [unit: string, raw: number, canonical: number])[]> = {
  m: [
    ['m', 3, 3],
    ['km', 1.609344, 1609.344],
    ['cm', 250, 2.5],
    ['mm', 1500, 1.5],
    ['mi', 1, 1609.344],
    ['ft', 1, 0.3048],
    ['yd', 1, 0.9144],
    ['in', 1, 0.0254],
    ['[mi_i]', 1, 1609.344],
    ['[ft_i]', 1, 0.3048],
    ['[yd_i]', 1, 0.9144],
    ['[in_i]', 1, 0.0254],
    ['meters', 875.5, 875.5],
    ['miles', 26.21875, 42194.988],
  ],
  cm: [
    ['cm', 175.5, 175.5],
    ['mm', 1755, 175.5],
    ['m', 1.755, 175.5],
    ['km', 0.001, 100],
    ['in', 1, 2.54],
    ['ft', 6, 182.88],
    ['yd', 1, 91.44],
    ['mi', 1, 160934.4],
    ['[in_i]', 1, 2.54],
    ['[ft_i]', 1, 30.48],
    ['[yd_i]', 1, 91.44],
    ['[mi_i]', 1, 160934.4],
    ['meters', 1, 100],
    ['miles', 1, 160934.4],
  ],
  kg: [
    ['kg', 70.2, 70.2],
    ['g', 70200, 70.2],
    ['mg', 1e6, 1],
    ['mcg', 1e9, 1],
    ['ug', 1e9, 1],
    ['lb', 1, 0.45359237],
    ['oz', 16, 0.45359237],
    ['st', 1, 6.35029318],
    ['[lb_av]', 154, 69.85322498],
    ['[oz_av]', 1, 0.028349523125],
    ['[stone_av]', 1, 6.35029318],
  ],
  g: [
    ['g', 5, 5],
    ['kg', 1, 1000],
    ['mg', 1000, 1],
    ['mcg', 1e6, 1],
    ['ug', 1e6, 1],
    ['lb', 1, 453.59237],
    ['oz', 1, 28.349523125],
    ['st', 1, 6350.29318],
    ['[lb_av]', 1, 453.59237],
    ['[oz_av]', 1, 28.349523125],
    ['[stone_av]', 1, 6350.29318],
  ],
  mg: [
    ['mg', 5, 5],
    ['g', 1, 1000],
    ['kg', 1, 1e6],
    ['mcg', 1000, 1],
    ['ug', 1000, 1],
    ['lb', 1, 453592.37],
    ['oz', 1, 28349.523125],
    ['st', 1, 6350293.18],
    ['[lb_av]', 1, 453592.37],
    ['[oz_av]', 1, 28349.523125],
    ['[stone_av]', 1, 6350293.18],
  ],
  kcal: [
    ['kcal', 85.2, 85.2],
    ['Cal', 85.2, 85.2],
    ['calories', 85.2, 85.2],
    ['cal', 1000, 1],
    ['kJ', 4.184, 1],
    ['J', 4184, 1],
  ],
  ms: [
    ['ms', 42, 42],
    ['s', 0.042, 42],
    ['min', 1, 60000],
    ['hr', 1, 3600000],
    ['h', 1, 3600000],
    ['d', 1, 86400000],
  ],
  min: [
    ['min', 30, 30],
    ['ms', 60000, 1],
    ['s', 90, 1.5],
    ['hr', 1.5, 90],
    ['h', 1.5, 90],
    ['d', 1, 1440],
  ],
  h: [
    ['h', 2, 2],
    ['hr', 2, 2],
    ['min', 30, 0.5],
    ['s', 3600, 1],
    ['ms', 3600000, 1],
    ['d', 1, 24],
  ],
  '/min': [
    ['/min', 72, 72],
    ['count/min', 72, 72],
    ['bpm', 72, 72],
    ['count/s', 1.2, 72],
    ['/s', 1.2, 72],
    ['Hz', 1.2, 72],
    ['count/hr', 60, 1],
    ['/h', 60, 1],
  ],
  mL: [
    ['mL', 250, 250],
    ['ml', 250, 250],
    ['cL', 25, 250],
    ['dL', 2.5, 250],
    ['L', 0.25, 250],
    ['l', 0.25, 250],
    ['fl_oz_us', 1, 29.5735295625],
    ['[foz_us]', 1, 29.5735295625],
    ['fl_oz_imp', 1, 28.4130625],
    ['cup_us', 1, 236.5882365],
    ['cup_imp', 1, 284.130625],
    ['pt_us', 1, 473.176473],
    ['pt_imp', 1, 568.26125],
  ],
  'm/s': [
    ['m/s', 1.4, 1.4],
    ['km/hr', 3.6, 1],
    ['km/h', 3.6, 1],
    ['mi/hr', 1, 0.44704],
    ['mph', 1, 0.44704],
    ['ft/s', 1, 0.3048],
    ['cm/s', 100, 1],
  ],
  Cel: [
    ['Cel', 36.6, 36.6],
    ['degC', 36.6, 36.6],
    ['K', 310.15, 37],
    ['degF', 98.6, 37],
    ['[degF]', 212, 100],
  ],
  'mg/dL': [
    ['mg/dL', 100, 100],
    ['mg/dl', 100, 100],
    ['mmol/L', 5.5, 99.085734],
    ['mmol/l', 10, 180.15588],
    ['g/L', 1, 100],
    ['mg/L', 1000, 100],
  ],
  'mm[Hg]': [
    ['mm[Hg]', 120, 120],
    ['mmHg', 120, 120],
    ['kPa', 16, 120.0098521353],
    ['Pa', 133.322387415, 1],
  ],
  '%': [
    ['%', 97, 97],
    ['1', 0.97, 97],
  ],
  W: [
    ['W', 250, 250],
    ['kW', 0.25, 250],
  ],
  '{steps}': [
    ['{steps}', 12, 12],
    ['count', 12, 12],
    ['steps', 12, 12],
    ['1', 12, 12],
  ],
  '{flights}': [
    ['{flights}', 3, 3],
    ['count', 3, 3],
    ['flights', 3, 3],
    ['1', 3, 3],
  ],
  '{strokes}': [
    ['{strokes}', 3, 3],
    ['count', 3, 3],
    ['1', 3, 3],
  ],
  '{pushes}': [
    ['{pushes}', 3, 3],
    ['count', 3, 3],
    ['1', 3, 3],
  ],
  '{session}': [
    ['{session}', 1, 1],
    ['count', 1, 1],
    ['1', 1, 1],
  ],
  'kg/m2': [
    ['kg/m2', 22.8, 22.8],
    ['kg/m^2', 22.8, 22.8],
    ['count', 22.8, 22.8],
  ],
  '{events}/h': [
    ['{events}/h', 4, 4],
    ['count', 4, 4],
    ['count/hr', 4, 4],
  ],
  'mL/kg/min': [
    ['mL/kg/min', 41, 41],
    ['mL/min·kg', 41, 41],
    ['mL/kg·min', 41, 41],
    ['mL/(kg*min)', 41, 41],
    ['mL/(min*kg)', 41, 41],
    ['mL/(kg·min)', 41, 41],
    ['ml/kg/min', 41, 41],
  ],
  'kcal/kg/h': [
    ['kcal/kg/h', 4, 4],
    ['kcal/hr·kg', 4, 4],
    ['kcal/kg·hr', 4, 4],
    ['kcal/(kg*hr)', 4, 4],
    ['kcal/(hr*kg)', 4, 4],
  ],
  'dB[SPL]': [
    ['dB[SPL]', 71, 71],
    ['dBASPL', 71, 71],
  ],
  '[iU]': [
    ['[iU]', 4, 4],
    ['IU', 4, 4],
  ],
  '[g]': [
    ['[g]', 1, 1],
    ['g', 1, 1],
    ['G', 1, 1],
    ['mg', 1000, 1],
    ['m/s2', 9.80665, 1],
    ['m/s^2', 9.80665, 1],
  ],
  '{counts}/min': [
    ['{counts}/min', 40, 40],
    ['counts/min', 40, 40],
    ['count/min', 40, 40],
  ],
}

for (const metric of metricNames) {
  test(`${metric} agrees with published factors in every unit it may come in`, () => {
    const expected = published[metrics[metric].unit] ?? []
    expect([...unitsOf(metric)].sort()).toEqual(expected.map(([unit]) => unit).sort())
    if (metric === 'skin_temperature_delta') return
    for (const [unit, raw, canonical] of expected) {
      expect(Math.abs(convert(metric, unit, raw) - canonical), unit).toBeLessThanOrEqual(1e-10 * Math.abs(canonical))
    }
  })
}

test('a metric in its own unit is left exactly as it is', () => {
  for (const metric of metricNames) expect(conversion(metric, metrics[metric].unit), metric).toEqual({ factor: 1, offset: 0 })
})

test('a difference of temperatures takes no offset', () => {
  expect(convert('skin_temperature_delta', 'degF', 0.9)).toBeCloseTo(0.5, 12)
  expect(convert('skin_temperature_delta', 'K', 0.5)).toBe(0.5)
  expect(convert('body_temperature', 'degF', 98.6)).toBeCloseTo(37, 12)
})

test('HealthKit says percent and means a fraction of one', () => {
  expect(conversion('oxygen_saturation', '%', 'healthkit')).toEqual({ factor: 100, offset: 0 })
  expect(conversion('body_fat', '%', 'healthkit')).toEqual({ factor: 100, offset: 0 })
  expect(conversion('walking_asymmetry', '%', 'healthkit')).toEqual({ factor: 100, offset: 0 })
  expect(conversion('oxygen_saturation', '%')).toEqual({ factor: 1, offset: 0 })
})

test('the molar form of glucose carries its molar mass and belongs to glucose alone', () => {
  expect(convert('blood_glucose', 'mmol<180.1558800000541>/L', 5.5)).toBeCloseTo(99.085734, 9)
  expect(convert('blood_glucose', 'mmol<180.15588>/L', 5.5)).toBeCloseTo(99.085734, 9)
  expect(conversion('blood_glucose', 'mmol<386.65>/L')).toBeUndefined()
  expect(conversion('heart_rate', 'mmol/L')).toBeUndefined()
  expect(conversion('body_weight', 'mmol<180.1558800000541>/L')).toBeUndefined()
})

test('82: an unknown unit is never guessed', () => {
  const wrong: [MetricName, string][] = [
    ['steps', 'km'],
    ['heart_rate', 'count'],
    ['heart_rate', ''],
    ['body_weight', 'LB'],
    ['body_weight', 'stone'],
    ['active_energy', 'KCAL'],
    ['distance_walking_running', 'furlong'],
    ['steps', 'constructor'],
    ['body_weight', '__proto__'],
    ['body_temperature', 'toString'],
  ]
  for (const [metric, unit] of wrong) expect(conversion(metric, unit), `${metric} in ${unit}`).toBeUndefined()
})

test('every conversion can be undone', () => {
  const pair = fc.constantFrom(...metricNames).chain((metric) => fc.tuple(fc.constant(metric), fc.constantFrom(...unitsOf(metric))))
  fc.assert(
    fc.property(pair, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([metric, unit], raw) => {
      const { factor, offset } = conversion(metric, unit) ?? { factor: Number.NaN, offset: 0 }
      expect((raw * factor + offset - offset) / factor).toBeCloseTo(raw, 6)
    }),
  )
})

function convert(metric: MetricName, unit: string, raw: number): number {
  const { factor, offset } = conversion(metric, unit) ?? { factor: Number.NaN, offset: 0 }
  return raw * factor + offset
}
