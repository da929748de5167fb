import { ActionError } from './parts/action.tsx'
import { Link } from './parts/link.tsx'
import { go, pathTo, usePath } from './router.ts'
import { useActing } from './state/acting.ts'
import { client } from './state/client.ts'
import { keysOf } from './state/feed.ts'
import { useProfile } from './state/person.ts'
import { useMay } from './state/session.ts'
import { useSetting } from './state/settings.ts'
import { forget, refresh, useLoaded } from './state/store.ts'
import { languages } from './texts/catalogue.ts'
import { useTexts } from './texts/texts.tsx'

const themes = ['system', 'light', 'dark'] as const

/** Appearance, language, units, whose data, and the way out. */
export function SettingsMenu({ userId }: { readonly userId: string | undefined }) {
  const { text, language } = useTexts()
  const [theme, setTheme] = useSetting('theme')
  const [, setLanguage] = useSetting('language')
  return (
    // On another page it is shut again.
    <details className="menu" name="menu" key={usePath()}>
      <summary aria-label={text('app.settings')} title={text('app.settings')}>
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="4" cy="10" r="1.6" />
          <circle cx="10" cy="10" r="1.6" />
          <circle cx="16" cy="10" r="1.6" />
        </svg>
      </summary>
      <div className="menu-sheet">
        <People userId={userId} />
        <label>
          {text('app.theme')}
          <select value={theme} onChange={({ target }) => setTheme(target.value)}>
            {themes.map((name) => (
              <option key={name} value={name}>
                {text(`app.theme.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text('app.language')}
          <select value={language} onChange={({ target }) => setLanguage(target.value)}>
            {Object.entries(languages).map(([name, word]) => (
              <option key={name} value={name}>
                {word}
              </option>
            ))}
          </select>
        </label>
        {userId !== undefined && <Units userId={userId} />}
        <Link className="menu-way" href={pathTo('start', {})}>
          {text('app.import')}
        </Link>
        <button type="button" onClick={signOut}>
          {text('app.signOut')}
        </button>
      </div>
    </details>
  )
}

const units = ['metric', 'imperial'] as const

/** Those of the person who is shown: kept in their profile, and read in them everywhere. */
function Units({ userId }: { readonly userId: string }) {
  const { text } = useTexts()
  const person = useProfile(userId)
  const may = useMay()
  const { isBusy, error, act } = useActing()
  if (person.state !== 'ready' || !may('profile:write')) return null
  const choose = (word: string) =>
    act(async () => {
      const preferredUnits = units.find((each) => each === word) ?? 'metric'
      await client.patchUser({ params: { userId }, body: { profile: { preferredUnits } } })
      refresh(keysOf.person(userId))
    })
  return (
    <>
      <label>
        {text('app.units')}
        <select value={person.value.preferredUnits} disabled={isBusy} onChange={({ target }) => choose(target.value)}>
          {units.map((name) => (
            <option key={name} value={name}>
              {text(`app.units.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <ActionError error={error} />
    </>
  )
}

async function signOut(): Promise<void> {
  await client.signOutBrowser({})
  forget()
  go(pathTo('signIn', {}))
}

const listPeople = async () => (await client.listUsers({ query: { limit: 1000 } })).body.data

/** Whose data are shown, where there are several people. */
function People({ userId }: { readonly userId: string | undefined }) {
  const { text } = useTexts()
  const people = useLoaded(userId === undefined ? undefined : 'people', listPeople)
  if (people.state !== 'ready' || people.value.length < 2) return null
  return (
    <label>
      {text('app.person')}
      <select value={userId} onChange={({ target }) => go(pathTo('today', { userId: target.value }))}>
        {people.value.map((person) => (
          <option key={person.userId} value={person.userId}>
            {person.userId}
          </option>
        ))}
      </select>
    </label>
  )
}
