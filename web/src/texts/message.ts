/** A text, or one by number. A word in braces is filled in. */
export type Message = string | Readonly<Record<'one' | 'other', string>>

/** The words in braces. */
export type Words<M> = M extends string
  ? M extends `${string}{${infer Word}}${infer Rest}`
    ? Word | Words<Rest>
    : never
  : M extends { readonly other: infer Other }
    ? Words<Other>
    : never

/** What of `Other` has not the words of `One` cannot be. */
type Matching<One, Other> = {
  readonly [Key in keyof One]: Key extends keyof Other
    ? [Words<One[Key]>, Words<Other[Key]>] extends [Words<Other[Key]>, Words<One[Key]>]
      ? Other[Key]
      : never
    : never
}

export interface InBoth<En, De> {
  readonly en: En
  readonly de: De
}

/** Texts in all languages. A key that one of them lacks, and one whose words in braces differ, do not compile. */
export function inBoth<const En extends Readonly<Record<string, Message>>, const De extends Readonly<Record<keyof En, Message>>>(
  en: En,
  de: De & Matching<En, De>,
): InBoth<En, Readonly<Record<keyof En, Message>>> {
  return { en, de }
}
