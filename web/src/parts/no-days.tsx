import { pathTo } from '../router.ts'
import { useTexts } from '../texts/texts.tsx'
import { Link } from './link.tsx'
import { Nothing } from './states.tsx'

/** Nobody's data are here yet. */
export function NoDays() {
  const { text } = useTexts()
  return (
    <Nothing title={text('today.none')} text={text('today.none.text')}>
      <Link className="button button-first" href={pathTo('start', {})}>
        {text('start.choose')}
      </Link>
    </Nothing>
  )
}
