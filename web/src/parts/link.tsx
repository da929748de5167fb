import type { ComponentProps, MouseEvent } from 'react'
import { go } from '../router.ts'

/** A link to a page of ours: goes there without loading the program again. */
export function Link({ href, children, ...rest }: ComponentProps<'a'> & { readonly href: string }) {
  const onClick = (event: MouseEvent) => {
    // Into a new tab, say: the browser knows how.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(href)
  }
  return (
    <a href={href} onClick={onClick} {...rest}>
      {children}
    </a>
  )
}
