/** `README.txt` of an export: for people. */
export function readme(userId: string, createdAt: string): string {
  return `Everything that Clarity Loop kept of ${userId}, as of ${createdAt}.

profile.json             who you are, and what you prefer
sessions/YYYY-MM.ndjson  what your devices recorded, one session a line, with all samples
sessions/archived/       the same of what is archived
days.ndjson              your days and nights, merged; day-revisions.ndjson: what they said before
insights.ndjson          your daily insights; insight-revisions.ndjson: what they said before
consents.ndjson          what you agreed to, and when you took it back
permissions.ndjson       whom you let see what
imports.ndjson           the files that you sent, and what became of them
access.ndjson            who read or changed what of you, and when
jobs.ndjson              the work that was done on your data
originals/               those files, byte for byte
store/                   the same as it is kept, to be brought back: clarity import THIS.zip --user ID
manifest.json            the SHA-256, and the length in bytes, of each of these files

An .ndjson file holds one JSON value a line. A .parquet file opens in DuckDB, pandas and many others. Times are RFC 3339 in UTC unless an
offset says otherwise; energy is in kilocalories, heart rate in beats a minute, distance in metres.
`
}
