/** What may be said of something that was stored and counted: the closed list of flags. */
export const flagMeanings = {
  hr_jump: 'heart rate changed by more than 50/min within 10 s',
  unlikely_transition: 'sleep stages followed one another as they seldom do',
  split_from: 'part of a longer session that was split',
  clock_skew: 'started up to 24 h ahead when it came; kept out of its day until that is over',
  clock_offset: 'the whole batch is shifted against the time of its arrival',
  leap_second: 'a leap second, stored as 23:59:59.999',
  nonexistent_local_time: 'a local time that the clocks skipped, moved forward',
  outside_session: 'lies outside its session',
  overlapping_stages: 'sleep stages overlap',
  statistics_mismatch: 'the client’s statistics disagree with its samples',
  source_conflict: 'two devices tell heart rates more than 50/min apart in the same second',
  no_samples: 'no samples in it',
  unknown_field: 'a field that is not known, kept raw',
  unmapped_type: 'a type that no metric stands for, kept raw',
  created_before_start: 'recorded as created before it began',
  unit_suspect: 'a value that fits another unit better',
  hidden_characters: 'a name with characters that are not seen, shown without them',
  age_over_120: 'a date of birth more than 120 years ago',
  resting_hr_high: 'a resting heart rate above 100/min',
  daily_total_high: 'a daily total that is hardly possible',
  partial: 'the file ended or broke before its end',
} as const

/** Why a sample was kept raw and out of every statistic: the closed list of reasons. */
export const quarantineMeanings = {
  hr_out_of_range: 'heart rate outside 30-220/min',
  out_of_range: 'outside what the metric can be',
  sensor_fault: 'more than half of the heart rates of its session are out of range',
  unit_unknown: 'a unit that this metric cannot have',
  unit_suspect: 'a value that can only be right in another unit',
  not_a_number: 'a value that is not a number',
  bad_time: 'a time that cannot be read',
  end_before_start: 'ends before it starts',
  future: 'starts more than 24 h in the future',
  relative_time: 'a time without a date',
  unknown_value: 'a category value that is not known',
  outside_session: 'lies more than 24 h from its session',
  xml_malformed: 'stands where the file is damaged',
} as const

export type FlagCode = keyof typeof flagMeanings
export type QuarantineCode = keyof typeof quarantineMeanings

export function isFlagCode(text: string): text is FlagCode {
  return Object.hasOwn(flagMeanings, text)
}

export function isQuarantineCode(text: string): text is QuarantineCode {
  return Object.hasOwn(quarantineMeanings, text)
}
