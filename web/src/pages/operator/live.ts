import { useEffect } from 'react'
import { refresh } from '../../state/store.ts'

/** What has no feed is asked for again so often while somebody looks, ms. */
const AGAIN_MS = 2000

/** Asks again for all data whose key begins so, as long as the page is in sight. */
export function useLive(prefix: string): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh(prefix)
    }, AGAIN_MS)
    return () => clearInterval(timer)
  }, [prefix])
}
