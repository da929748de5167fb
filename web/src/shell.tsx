import type { ReactNode } from 'react'
import { Link } from './parts/link.tsx'
import { type Place, pathTo } from './router.ts'
import { SettingsMenu } from './settings-menu.tsx'
import { useTexts } from './texts/texts.tsx'

/** Pages that are there, in the order of navigation. A page that is yet to come has a route and no place here. */
const shown = ['today'] as const

/** What stands around every page: the way past it, the name, the pages of a person. */
export function Shell({ place, children }: { readonly place: Place; readonly children: ReactNode }) {
  const { text } = useTexts()
  const userId = place !== undefined && 'userId' in place.params ? place.params.userId : undefined
  return (
    <>
      <a className="skip" href="#content">
        {text('app.skip')}
      </a>
      <header className="bar">
        <Link className="bar-name" href={pathTo('home', {})}>
          <Mark />
          {text('app.name')}
        </Link>
        {userId !== undefined && (
          <nav aria-label={text('app.navigation')}>
            {shown.map((name) => (
              <Link key={name} href={pathTo(name, { userId })} aria-current={isAt(place, name) ? 'page' : undefined}>
                {text(`page.${name}`)}
              </Link>
            ))}
          </nav>
        )}
        <SettingsMenu userId={userId} />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}

function isAt(place: Place, name: (typeof shown)[number]): boolean {
  return place?.name === name || (name === 'today' && place?.name === 'day')
}

function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
      <circle className="mark-ring" cx="16" cy="16" r="12" transform="rotate(-60 16 16)" />
      <circle className="mark-dot" cx="16" cy="16" r="3.2" />
    </svg>
  )
}
