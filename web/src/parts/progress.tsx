interface Props {
  readonly label: string
  /** 0 to 1; undefined while nothing can be counted. */
  readonly share: number | undefined
  readonly said: string
}

/** A bar with what it means in words. */
export function Progress({ label, share, said }: Props) {
  return (
    <div className="progress">
      <progress aria-label={label} max={1} value={share} aria-valuetext={said} />
      <p>{said}</p>
    </div>
  )
}
