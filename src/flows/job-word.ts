import { uuidOf } from '../analysis/uuid.ts'

/** Stands for a person in the id of a job, which logs may hold: it does not say who they are, to whoever does not know their id. */
export function jobWordOf(userId: string): string {
  return uuidOf(['job', userId])
}
