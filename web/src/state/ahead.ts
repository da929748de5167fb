import type { Place } from '../router.ts'
import { dayOf, insightOf, latestDate } from './days.ts'
import { keysOf } from './feed.ts'
import { profileOf } from './person.ts'
import { readSetting } from './settings.ts'
import { askAhead } from './store.ts'

/** Asks for what a page will show while its script is still on its way. What fails here is told where it is shown. */
export function loadAhead(place: Place): void {
  switch (place?.name) {
    case 'home':
      if (readSetting('person') !== '') askLatest(readSetting('person'))
      break
    case 'today':
      askLatest(place.params.userId)
      break
    case 'day':
      askAhead(keysOf.latest(place.params.userId), () => latestDate(place.params.userId))
      askDay(place.params.userId, place.params.date)
      break
  }
}

function askLatest(userId: string): void {
  const latest = latestDate(userId)
  latest.then((date) => date !== undefined && askDay(userId, date)).catch(() => undefined)
  askAhead(keysOf.latest(userId), () => latest)
}

function askDay(userId: string, date: string): void {
  askAhead(keysOf.day(userId, date), () => dayOf(userId, date))
  askAhead(keysOf.insight(userId, date), () => insightOf(userId, date))
  askAhead(keysOf.person(userId), () => profileOf(userId))
}
