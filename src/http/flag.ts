/** What a query parameter that is a flag says. */
export function isYes(said: string | undefined): boolean {
  return said === '1' || said === 'true'
}
