import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from './link.tsx'

export interface Part {
  readonly name: string
  readonly title: string
  readonly href: string
}

interface Props {
  readonly title: string
  readonly parts: readonly Part[]
  readonly current: string
  readonly children: ReactNode
}

/** A page of several subjects, one at a time, each with an address of its own. */
export function PartsPage({ title, parts, current, children }: Props) {
  const nav = useRef<HTMLElement>(null)
  // Where not all of them fit, the one that is shown is in sight.
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>(`[data-part="${current}"]`)
    if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - (nav.current.clientWidth - link.offsetWidth) / 2
  }, [current])
  return (
    <div className="parts-page">
      <header>
        <h1>{title}</h1>
        <nav ref={nav} className="parts-nav" aria-label={title}>
          {parts.map((part) => (
            <Link key={part.name} data-part={part.name} href={part.href} aria-current={part.name === current ? 'page' : undefined}>
              {part.title}
            </Link>
          ))}
        </nav>
      </header>
      <div className="part">{children}</div>
    </div>
  )
}

interface HeadProps {
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}

/** What a subject is about, and what can be done at once. */
export function PartHead({ title, text, children }: HeadProps) {
  return (
    <header className="part-head">
      <h2>{title}</h2>
      <p className="lead">{text}</p>
      {children}
    </header>
  )
}
