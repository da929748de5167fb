let loading: Promise<typeof import('hyparquet')> | undefined

/** Loaded when it is first asked for: whoever only writes, or reads what we wrote, does without it. */
export function hyparquet(): Promise<typeof import('hyparquet')> {
  loading ??= import('hyparquet')
  return loading
}
