export function verifyLog(
  lines: Iterable<string> | AsyncIterable<string>,
  notes: readonly (readonly [file: string, text: string])[],
  vkey: string,
): Promise<{ readonly exit: 0 | 1 | 2; readonly says: string }>
