import { uuidOf } from '../analysis/uuid.ts'
import { type MetricName, metrics } from '../model/metrics.ts'
import { codingsOf, OBSERVATION_CATEGORY, UCUM } from './fhir-codes.ts'
import type { UserRecord } from './manage-user.ts'

interface Resource {
  readonly id: string
  readonly [name: string]: unknown
}

/**
 * FHIR R4: the person, and what they say of themselves, of which nobody knows since when it holds: their words stay as they are, and an
 * `effective` time is not made up. Nothing that the profile does not say; a gender that was not told is unknown.
 */
export function* profileResources(person: UserRecord, patient: string): Generator<Resource> {
  yield patientOf(person, patient)
  const { userId, user } = person
  const { height, weight, chronicConditions, medications, allergies } = user.healthProfile
  const subject = { reference: `urn:uuid:${patient}` }
  const idOf = (what: string, at = 0) => uuidOf([userId, 'profile', what, String(at)])
  const measures = [
    ['body_height', height],
    ['body_weight', weight],
  ] as const
  for (const [metric, value] of measures)
    if (typeof value === 'number') yield measureOf(idOf(metric), subject, { metric, value, issued: user.metadata.updatedAt })
  for (const [at, text] of chronicConditions.entries())
    yield { resourceType: 'Condition', id: idOf('condition', at), ...standing('condition', 'ver-status'), code: { text }, subject }
  for (const [at, text] of medications.entries()) {
    const said = { status: 'unknown', medicationCodeableConcept: { text }, subject, informationSource: subject }
    yield { resourceType: 'MedicationStatement', id: idOf('medication', at), ...said }
  }
  for (const [at, text] of allergies.entries()) {
    const said = { ...standing('allergyintolerance', 'verification'), code: { text }, patient: subject }
    yield { resourceType: 'AllergyIntolerance', id: idOf('allergy', at), ...said }
  }
}

function patientOf({ user }: UserRecord, id: string): Resource {
  const { displayName, gender, dateOfBirth } = user.profile
  const isCode = gender === 'male' || gender === 'female' || gender === 'other'
  return {
    resourceType: 'Patient',
    id,
    ...(displayName !== undefined && { name: [{ text: displayName }] }),
    ...(isCode && { gender }),
    ...(typeof dateOfBirth === 'string' && { birthDate: dateOfBirth }),
  }
}

interface Measure {
  readonly metric: MetricName
  readonly value: number
  readonly issued: string
}

function measureOf(id: string, subject: object, { metric, value, issued }: Measure): Resource {
  const { unit } = metrics[metric]
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [{ coding: [{ system: OBSERVATION_CATEGORY, code: 'vital-signs' }] }],
    code: { coding: codingsOf(metric), text: metric.replaceAll('_', ' ') },
    subject,
    issued,
    valueQuantity: { value, unit, system: UCUM, code: unit },
    method: { text: 'told by the person' },
  }
}

/** It is so, says the person, and nobody confirmed it. */
function standing(of: 'condition' | 'allergyintolerance', verification: string): object {
  const coded = (list: string, code: string) => ({ coding: [{ system: `http://terminology.hl7.org/CodeSystem/${list}`, code }] })
  return { clinicalStatus: coded(`${of}-clinical`, 'active'), verificationStatus: coded(`${of}-${verification}`, 'unconfirmed') }
}
