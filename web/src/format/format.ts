/** How a person reads numbers and times: their language, their zone, their units. */
export interface Formats {
  /** 11,889 */
  number(value: number, digits?: number): string
  /** 84 % of a share from 0 to 1. */
  share(value: number): string
  /** 8 h 5 min of minutes. */
  duration(minutes: number): string
  /** 1.4 GB */
  bytes(value: number): string
  /** Whole minutes or seconds of what is left. */
  wait(seconds: number): string
  /** 22:36 of an instant. */
  clock(ms: number): string
  /** 14 Nov 2026 of an instant. */
  dateOf(ms: number): string
  /** Saturday, 14 November 2026 of a calendar date. */
  longDate(date: string): string
  /** 14 Nov */
  shortDate(date: string): string
  /** 14 Nov 2026 */
  fullDate(date: string): string
  /** 14 Nov 2026, 22:36:05 of an instant. */
  moment(ms: number): string
  /** Nov of an instant, by UTC. */
  month(ms: number): string
  /** Short names, January first. */
  readonly months: readonly string[]
  /** Short names, Monday first. */
  readonly weekdays: readonly string[]
  /** A value of evidence by its UCUM unit, in the person's units. */
  quantity(value: number, unit: string): string
}

export interface FormatOptions {
  readonly locale: string
  /** IANA zone of the person, not of the browser. */
  readonly zone: string
  readonly units: 'metric' | 'imperial'
}

const METERS_A_MILE = 1609.344
const KILOGRAMS_A_POUND = 0.453_592_37

export function formatsFor({ locale, zone, units }: FormatOptions): Formats {
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone })
  const long = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const full = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone: zone })
  const month = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  const number = (value: number, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
  const measured = (value: number, unit: string, digits: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: digits }).format(value)
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const formats: Formats = {
    number,
    // Little is not nothing.
    share: (value) => (value > 0 && value < 0.005 ? `< ${percent.format(0.01)}` : percent.format(value)),
    duration: (minutes) => durationText(minutes, number),
    bytes: (value) => bytesText(value, measured),
    wait: (seconds) => (seconds < 90 ? measured(Math.ceil(seconds), 'second', 0) : measured(Math.round(seconds / 60), 'minute', 0)),
    clock: (ms) => clock.format(ms),
    dateOf: (ms) => date.format(ms),
    longDate: (day) => long.format(Date.parse(day)),
    shortDate: (day) => short.format(Date.parse(day)),
    fullDate: (day) => full.format(Date.parse(day)),
    moment: (ms) => moment.format(ms),
    month: (ms) => month.format(ms),
    months: Array.from({ length: 12 }, (_, at) => month.format(Date.UTC(2024, at, 1))),
    // The first of January 2024 was a Monday.
    weekdays: Array.from({ length: 7 }, (_, at) => weekday.format(Date.UTC(2024, 0, 1 + at))),
    quantity: (value, unit) => quantityText(value, unit),
  }
  function quantityText(value: number, unit: string): string {
    const write = Object.hasOwn(byUnit, unit) ? byUnit[unit] : undefined
    return write === undefined ? `${number(value, 1)} ${unit.replaceAll(/[{}[\]]/g, '')}` : write(value)
  }
  const byUnit: Readonly<Record<string, (value: number) => string>> = {
    min: formats.duration,
    h: (value) => `${number(value, 1)} h`,
    '{steps}': (value) => number(value),
    '{clock}': (minutes) => clockOf(minutes),
    '/min': (value) => `${number(value)} bpm`,
    '%': (value) => formats.share(value / 100),
    m: (value) => (units === 'imperial' ? measured(value / METERS_A_MILE, 'mile', 1) : metersText(value, measured)),
    kg: (value) => (units === 'imperial' ? measured(value / KILOGRAMS_A_POUND, 'pound', 1) : measured(value, 'kilogram', 1)),
    Cel: (value) => (units === 'imperial' ? measured((value * 9) / 5 + 32, 'fahrenheit', 1) : measured(value, 'celsius', 1)),
    kcal: (value) => `${number(value)} kcal`,
    '{breaths}/min': (value) => `${number(value, 1)}/min`,
    // What is counted is named beside the number.
    ...Object.fromEntries(
      ['{awakenings}', '{flights}', '{days}', '{nights}', '{index}'].map((unit) => [unit, (value: number) => number(value)]),
    ),
    '[lb_av]': (value) => `${number(value, 1)} lb`,
    '{ratio}': (value) => number(value, 2),
    ms: (value) => `${number(value)} ms`,
  }
  return formats
}

function durationText(minutes: number, number: (value: number) => string): string {
  const whole = Math.round(Math.abs(minutes))
  const [h, min] = [Math.floor(whole / 60), whole % 60]
  const sign = minutes < 0 && whole > 0 ? '−' : ''
  if (h === 0) return `${sign}${number(min)} min`
  return min === 0 ? `${sign}${number(h)} h` : `${sign}${number(h)} h ${number(min)} min`
}

function bytesText(value: number, measured: (value: number, unit: string, digits: number) => string): string {
  if (value >= 1e9) return measured(value / 1e9, 'gigabyte', 2)
  return value >= 1e6 ? measured(value / 1e6, 'megabyte', value < 1e7 ? 1 : 0) : measured(value / 1e3, 'kilobyte', 0)
}

function metersText(value: number, measured: (value: number, unit: string, digits: number) => string): string {
  return Math.abs(value) < 1000 ? measured(value, 'meter', 0) : measured(value / 1000, 'kilometer', 1)
}

/** Minutes from the midnight before, beyond 1440 on the next day. */
function clockOf(minutes: number): string {
  const within = ((Math.round(minutes) % 1440) + 1440) % 1440
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`
}
