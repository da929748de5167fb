import { Nothing } from '../parts/states.tsx'
import { useTexts } from '../texts/texts.tsx'

/** A page that has an address and nothing else yet; navigation does not lead here. */
export function SoonPage({ name }: { readonly name: 'myData' | 'operator' }) {
  const { text } = useTexts()
  return <Nothing title={text(`page.${name}`)} text={`${text('app.soon')}. ${text('app.soon.text')}`} />
}
