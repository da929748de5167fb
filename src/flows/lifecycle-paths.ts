export function statePath(userId: string): string {
  return `users/${userId}/lifecycles/state`
}

export function holdPath(userId: string): string {
  return `legalHolds/${userId}`
}
