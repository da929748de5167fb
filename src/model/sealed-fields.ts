import { Day } from './day.ts'
import { StoredInsight } from './insight.ts'
import { StoredSession } from './session.ts'

/** Where, when and of what kind: what stores find a document by stays in the open, and everything else is sealed, also what is added later. */
function allBut(shape: object, open: readonly string[]): readonly string[] {
  return Object.keys(shape).filter((name) => !open.includes(name))
}

const derived = ['userId', 'date', 'zone', 'revision', 'algorithm', 'algorithmVersion', 'madeAt']

export const dayFields = allBut(Day.shape, derived)

export const insightFields = [
  ...allBut(StoredInsight.shape, [...derived, 'insightId', 'type', 'status', 'metadata']),
  'metadata.confidence',
  'metadata.confidenceParts',
]

const ofSessions = ['userId', 'sessionInfo', 'samples', 'localDate', 'zone', 'zoneOffset', 'source', 'splitFrom', 'parts', 'revision']

/** Of the samples only where they lie stays in the open: a checksum of few samples can be found out by trying. */
const ofSamples = ['inline', 'offset', 'length', 'sha256', 'rows']

export const sessionFields = [
  ...allBut(StoredSession.shape, ofSessions),
  'sessionInfo.dataSource',
  'source.name',
  ...ofSamples.map((name) => `samples.${name}`),
]

export const userFields = ['profile.email', 'profile.displayName', 'profile.dateOfBirth', 'profile.gender', 'healthProfile']

export const archiveFields = [
  'marks',
  ...['length', 'sha256', 'rows'].map((name) => `documents.${name}`),
  ...['length', 'sha256', 'parts'].map((name) => `samples.*.${name}`),
]
