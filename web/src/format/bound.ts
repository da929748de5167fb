/** Numbers and their units stay on one line. */
export function bound(text: string): string {
  return text.replaceAll(/(?<=\d) (?=(?:h|min|bpm|ms|kcal|km|mi|lb|kg)\b|%)|(?<=\d h) (?=\d+ min\b)/g, '\u00a0')
}
