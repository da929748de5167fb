import { useEffect, useSyncExternalStore } from 'react'
import { useSetting } from './state/settings.ts'

const dark = matchMedia('(prefers-color-scheme: dark)')

/** Puts the chosen appearance on the page. */
export function useTheme(): void {
  const [theme] = useSetting('theme')
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
}

/** `light` or `dark`, whatever it comes from: what is drawn by hand is drawn again when it changes. */
export function useScheme(): 'light' | 'dark' {
  const [theme] = useSetting('theme')
  const isSystemDark = useSyncExternalStore(hearScheme, () => dark.matches)
  return theme === 'dark' || (theme !== 'light' && isSystemDark) ? 'dark' : 'light'
}

function hearScheme(hear: () => void): () => void {
  dark.addEventListener('change', hear)
  return () => dark.removeEventListener('change', hear)
}
