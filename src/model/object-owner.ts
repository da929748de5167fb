import { idPattern } from './text.ts'

/** Whose objects are, where nobody's secret is in them: weights of models. */
const OPEN = 'models/'

/**
 * Whose keys seal an object: those of the person in `FOLDER/PERSON/…`, whatever the folder; `house` for one of any other name; undefined
 * for what is not sealed.
 */
export function ownerOfObject(key: string, house: string): string | undefined {
  if (key.startsWith(OPEN)) return undefined
  const [, person = '', ...rest] = key.split('/')
  return rest.length > 0 && idPattern.test(person) ? person : house
}
