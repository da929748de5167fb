import { mix } from './dice.ts'

/** Who writes records. The names hold what real ones do: a curly apostrophe, a no-break space, quotes, an ampersand, angle brackets. */
export const devices = {
  watch: {
    name: 'Robin’s Apple\u00a0Watch',
    kind: 'watch',
    made: 'name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,1',
    software: '11',
  },
  phone: {
    name: 'Robin’s iPhone',
    kind: 'phone',
    made: 'name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone15,2',
    software: '18',
  },
  scale: {
    name: 'Steadyfoot "Duo" & Co',
    kind: 'scale',
    made: 'name:Steadyfoot Scale, manufacturer:Steadyfoot, model:Body Scale',
    software: '3',
  },
  sleepApp: { name: 'Slumber Notes', kind: 'app', made: '', software: '7' },
  runApp: { name: 'Pace & Path <Pro>', kind: 'app', made: '', software: '4' },
  hand: { name: 'Health', kind: 'app', made: '', software: '18' },
} as const satisfies Record<string, { name: string; kind: string; made: string; software: string }>

export type Device = keyof typeof devices

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}

const written = new Map<string, string>()

/** `sourceName`, `sourceVersion` and `device` of a record; the memory address in `device` means nothing and changes. */
export function deviceAttributes(device: Device, day: number, chance: number): string {
  const { name, made, software } = devices[device]
  const version = `${software}.${1 + Math.floor(Math.max(0, day) / 75)}`
  const address = `0x30${mix(chance % 12, 77)
    .toString(16)
    .padStart(8, '0')
    .slice(0, 6)}0`
  const key = `${device} ${version} ${address}`
  const known = written.get(key)
  if (known !== undefined) return known
  const hardware = made === '' ? '' : ` device="${escapeXml(`<<HKDevice: ${address}>, ${made}, software:${version}>`)}"`
  const text = ` sourceName="${escapeXml(name)}" sourceVersion="${version}"${hardware}`
  if (written.size < 1000) written.set(key, text)
  return text
}
