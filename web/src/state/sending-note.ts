/** What a page leaves behind of the file that it has sent, for the one that is loaded next. */
export interface Note {
  readonly userId: string
  readonly file: string
  readonly size: number
  /** When the file was changed last, ms: by all of these it is known again. */
  readonly modified: number
  readonly uploadId: string | undefined
}

const NOTE = 'clarity.sending'

export function noteOf(userId: string, { name, size, lastModified }: File): Note {
  return { userId, file: name, size, modified: lastModified, uploadId: undefined }
}

export function readNote(): Note | undefined {
  const text = localStorage.getItem(NOTE)
  return text === null ? undefined : (JSON.parse(text) as Note)
}

export function writeNote(note: Note): void {
  localStorage.setItem(NOTE, JSON.stringify(note))
}

export function forgetNote(): void {
  localStorage.removeItem(NOTE)
}
