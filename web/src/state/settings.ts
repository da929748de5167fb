import { useSyncExternalStore } from 'react'

/** What is chosen at this browser and concerns nobody's data. */
const defaults = { language: '', theme: 'system', person: '' } as const
export type Setting = keyof typeof defaults

const heard = new Set<() => void>()

export function useSetting(name: Setting): readonly [string, (value: string) => void] {
  const value = useSyncExternalStore(hearSettings, () => readSetting(name))
  return [value, (chosen) => writeSetting(name, chosen)]
}

export function readSetting(name: Setting): string {
  return localStorage.getItem(`clarity.${name}`) ?? defaults[name]
}

export function writeSetting(name: Setting, value: string): void {
  localStorage.setItem(`clarity.${name}`, value)
  for (const hear of heard) hear()
}

function hearSettings(hear: () => void): () => void {
  heard.add(hear)
  addEventListener('storage', hear)
  return () => {
    heard.delete(hear)
    removeEventListener('storage', hear)
  }
}
