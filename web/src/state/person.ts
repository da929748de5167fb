import { useCallback, useMemo } from 'react'
import { type Formats, formatsFor } from '../format/format.ts'
import { useTexts } from '../texts/texts.tsx'
import { client } from './client.ts'
import { keysOf } from './feed.ts'
import { useLoaded } from './store.ts'

export interface Reader extends Formats {
  readonly zone: string
  readonly units: 'metric' | 'imperial'
}

export async function profileOf(userId: string) {
  return (await client.getUser({ params: { userId } })).body.profile
}

/** Who it is, as far as reading goes. */
export function useProfile(userId: string) {
  const load = useCallback(() => profileOf(userId), [userId])
  return useLoaded(keysOf.person(userId), load)
}

/** How this person reads: in the language of the browser, in their own units, by the clock of where they were (`zone` of a day) or live. */
export function useReader(userId: string, zone?: string): Reader {
  const { locale } = useTexts()
  const person = useProfile(userId)
  const { timezone = 'UTC', preferredUnits = 'metric' } = person.state === 'ready' ? person.value : {}
  const at = zone ?? timezone
  return useMemo(
    () => ({ ...formatsFor({ locale, zone: at, units: preferredUnits }), zone: at, units: preferredUnits }),
    [locale, at, preferredUnits],
  )
}
