import { Problem } from '../model/problem.ts'

/** `NAME@VERSION`. Throws `Problem('wrong_use')`. */
export function modelNamed(text: string): { readonly name: string; readonly version: string } {
  const [, name, version] = /^([\w-]{1,100})@([\w.-]{1,100})$/.exec(text) ?? []
  if (name === undefined || version === undefined)
    throw new Problem('wrong_use', `Say NAME@VERSION, not ${JSON.stringify(text.slice(0, 80))}.`)
  return { name, version }
}
