import { Link } from './parts/link.tsx'
import { go, pathTo, usePath } from './router.ts'
import { client } from './state/client.ts'
import { useSetting } from './state/settings.ts'
import { forgetAll, useLoaded } from './state/store.ts'
import { languages } from './texts/catalogue.ts'
import { useTexts } from './texts/texts.tsx'

const themes = ['system', 'light', 'dark'] as const

/** Appearance, language, whose data, and the way out. */
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

async function signOut(): Promise<void> {
  await client.signOutBrowser({})
  forgetAll()
  go(pathTo('signIn', {}))
}

const listPeople = async () => (await client.listUsers({ query: { limit: 100 } })).body.data

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
