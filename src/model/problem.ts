/** The closed list of codes: what is wrong (`title`) and what to do about it (`advice`). No HTTP here: a status belongs to the room that answers. */
export const problems = {
  not_found: { title: 'Not found', advice: 'Check the id and the path; list the collection to see what is there.' },
  conflict: { title: 'Changed by someone else', advice: 'Read the document again and repeat the change on its present version.' },
  deleted: { title: 'Deleted earlier', advice: 'Ask for it to be restored before sending it again.' },
  erased: { title: 'Erased for good', advice: 'Keep the receipt of the erasure; open a new account under a new id.' },
  wrong_root_key: { title: 'Not the root key of these data', advice: 'Bring back the root key that was in use, from its backup.' },
  held: { title: 'A legal hold stands on this person', advice: 'Whoever placed the hold can release it; until then nothing is destroyed.' },
  clock_jumped: {
    title: 'The clock does not follow from the last run',
    advice: 'Set the clock right. If it is right, run the lifecycle once with --after-gap, or wait for tomorrow’s run.',
  },
  forbidden: { title: 'Not allowed', advice: 'Ask the owner of the data for a permission.' },
  age_restricted: { title: 'Below the minimum age', advice: 'The operator sets the minimum age; an account cannot be opened yet.' },
  budget_spent: { title: 'The privacy budget is spent', advice: 'Ask without noise, with a smaller epsilon, or in the next year.' },
  unavailable: { title: 'A part of the system does not answer', advice: 'Try again in a moment; run `clarity doctor` if it stays.' },
  storage_full: {
    title: 'No space left to store',
    advice: 'Free space in the data folder or its quota, then repeat: nothing was half stored.',
  },
  storage_corrupt: { title: 'Stored data do not match their checksum', advice: 'Restore the named object from a backup.' },
  store_in_use: { title: 'Another process holds the store', advice: 'Use --url to reach the running server, or stop it.' },
  not_empty: { title: 'The place is not empty', advice: 'Name an empty place: what is there is never written over.' },
  wrong_use: { title: 'Wrong use of the command', advice: 'Run it with --help.' },
  cancelled: { title: 'Cancelled', advice: 'Start it again if it is still wanted.' },
  out_of_memory: {
    title: 'A job needed more memory than it may have',
    advice: 'Split what it works on, or give the process more memory, then try it again.',
  },
  job_finished: { title: 'The job is already finished', advice: 'Create a new job.' },
  wrong_offset: {
    title: 'Not where the upload stands',
    advice: 'Ask for the upload, and send the part that begins at `received`; import it once that is all.',
  },
  model_unavailable: { title: 'Unknown or retired model version', advice: 'List the models and name a version that is there.' },

  unauthorized: { title: 'No valid credential', advice: 'Send Authorization: Bearer with an API key or an access token.' },
  token_expired: { title: 'The credential has expired', advice: 'Get a new token, or make a new key.' },
  credential_in_url: {
    title: 'A credential in the address',
    advice: 'Send it in the Authorization header, and make a new one: this one is void.',
  },
  rate_limited: { title: 'Too many requests', advice: 'Wait as long as Retry-After says.' },
  overloaded: { title: 'Too busy to take this now', advice: 'Wait as long as Retry-After says, then send it again.' },
  method_not_allowed: { title: 'This address does not take that method', advice: 'Use one that the Allow header names.' },
  not_acceptable: { title: 'No such representation', advice: 'Accept application/json.' },
  malformed_request: {
    title: 'Not a request that can be read',
    advice: 'Send HTTP/1.1 as RFC 9112 has it; a proxy in between may have bent it.',
  },
  headers_too_large: { title: 'The headers are too large', advice: 'Send at most 16 KiB of headers, and a credential of at most 7 KiB.' },
  expectation_failed: { title: 'An expectation that cannot be met', advice: 'Expect 100-continue or nothing.' },
  too_slow: { title: 'The request came too slowly', advice: 'Send it again over a better line, or in smaller parts.' },
  misdirected: { title: 'Not a host of this server', advice: 'Use the address that the server was given.' },

  empty_body: { title: 'The body is empty', advice: 'Send the documented JSON.' },
  malformed_json: { title: 'The body is not JSON', advice: 'Check it with a JSON parser: the place is named.' },
  invalid_utf8: { title: 'The body is not UTF-8', advice: 'Encode the body as UTF-8.' },
  duplicate_key: { title: 'A key stands twice in one object', advice: 'Send each key once.' },
  too_deep: { title: 'Nested too deeply', advice: 'Nest at most 32 levels.' },
  too_many_fields: { title: 'Too many fields', advice: 'Send fewer keys in one body.' },
  body_too_large: { title: 'The body is too large', advice: 'Send it in parts; NDJSON and imports take more.' },
  decompressed_too_large: { title: 'The body unpacks to too much', advice: 'Send it in parts.' },
  unsupported_media_type: { title: 'Not a media type that is taken here', advice: 'Send the Content-Type that the endpoint names.' },
  unsupported_encoding: { title: 'Not a content coding that is taken here', advice: 'Send the body as it is, or gzip or zstd once.' },
  use_json: { title: 'An array where lines are expected', advice: 'Send one JSON value a line, or one object as application/json.' },
  truncated_stream: { title: 'The body was cut off', advice: 'Send it again, whole.' },
  too_many_errors: { title: 'Too many lines that are not valid', advice: 'Correct the lines named in errors and send all of it again.' },

  bad_parameter: { title: 'A query parameter is not valid', advice: 'Use the values that the documentation names.' },
  unknown_parameter: { title: 'Unknown query parameter', advice: 'Leave it out, or check its spelling.' },
  repeated_parameter: { title: 'A query parameter stands twice', advice: 'Send each parameter once.' },
  range_too_wide: { title: 'The range is too wide', advice: 'Ask for a shorter range, or a coarser resolution.' },
  bad_cursor: { title: 'Not a cursor of this list', advice: 'Start the list again without a cursor, with the same parameters throughout.' },
  uri_too_long: { title: 'The address is too long', advice: 'Shorten the query.' },
  bad_header: { title: 'A header is not valid', advice: 'Check the header named in the message.' },
  idempotency_key_required: {
    title: 'No Idempotency-Key',
    advice: 'Send an Idempotency-Key header: the same one when the request is repeated.',
  },
  idempotency_mismatch: { title: 'The Idempotency-Key belongs to another request', advice: 'Use a new key for a new request.' },
  idempotency_in_flight: { title: 'The first request with this key is under way', advice: 'Wait for its answer, or repeat in a moment.' },
  precondition_failed: {
    title: 'Not the version that the request expects',
    advice: 'Read it again and repeat the change with its present ETag.',
  },
  precondition_required: { title: 'The change must name a version', advice: 'Send If-Match with the ETag of what is to be changed.' },

  invalid: { title: 'Not valid', advice: 'Correct each place named in errors.' },
  wrong_type: { title: 'Wrong type of value', advice: 'Send the documented JSON type: numbers and booleans are not read from text.' },
  required: { title: 'A required field is absent', advice: 'Send the field named by the pointer.' },
  unknown_field: { title: 'Unknown field', advice: 'Remove it, or check its spelling.' },
  read_only_field: { title: 'Field set by the server', advice: 'Leave it out of the request.' },
  invalid_enum: { title: 'Not one of the allowed words', advice: 'Use one of the words listed in the message, in that letter case.' },
  out_of_range: { title: 'Outside the allowed range', advice: 'Send a value inside the range named in the message.' },
  address_refused: { title: 'Not an address that is called from here', advice: 'Give an https URL of a host on the public internet.' },
  unsafe_integer: { title: 'Integer too large to be exact', advice: 'Send integers of at most 2^53 - 1.' },
  too_long: { title: 'Text too long', advice: 'Shorten it to the limit named in the message.' },
  too_many_items: { title: 'Too many items', advice: 'Send fewer items.' },
  too_many_samples: { title: 'Too many samples in one session', advice: 'Send them as NDJSON or in several sessions.' },
  invalid_unicode: { title: 'Text is not valid Unicode', advice: 'Remove NUL characters and lone surrogates.' },
  invalid_id: { title: 'Not a valid id', advice: 'Use 1 to 128 letters, digits, _ or -.' },
  invalid_email: { title: 'Not a valid e-mail address', advice: 'Send one address of the form name@domain.' },
  invalid_date: { title: 'Not a date of the calendar', advice: 'Send YYYY-MM-DD, or an RFC 3339 time that exists.' },
  invalid_timezone: { title: 'Not an IANA time zone', advice: 'Use a name such as Europe/Berlin; abbreviations mean different zones.' },
  offset_required: { title: 'Time without an offset', advice: 'End the time with Z or an offset such as +02:00.' },
  ambiguous_local_time: { title: 'Local time that happened twice', advice: 'Send the time with its offset.' },
  end_before_start: { title: 'End is not after start', advice: 'Check both times and their offsets.' },
  session_too_long: { title: 'Session longer than 24 hours', advice: 'Send it in parts, or without strict handling to have it split.' },
  future: { title: 'Time in the future', advice: 'Check the clock of the device.' },
  hr_out_of_range: { title: 'Heart rate outside 30-220', advice: 'Without strict handling the sample is set aside and the rest kept.' },
  hr_jump: { title: 'Heart rate changes too fast', advice: 'Without strict handling the change is flagged and kept.' },
  unlikely_transition: { title: 'Unlikely change of sleep stage', advice: 'Without strict handling the change is flagged and kept.' },

  not_recognised: { title: 'Format not recognised', advice: 'Give the file as the app exported it; the supported formats are in docs.' },
  not_a_zip: { title: 'Not a zip file', advice: 'Give export.zip, or the export.xml inside it.' },
  archive_corrupt: { title: 'Damaged archive', advice: 'Export again on the phone and send the new file unopened.' },
  archive_encrypted: { title: 'Encrypted archive', advice: 'Unpack it with its password and give the export.xml.' },
  archive_overlap: { title: 'Archive entries overlap', advice: 'This file was made to harm; export again from the phone.' },
  archive_too_large: { title: 'Archive unpacks to too much', advice: 'Give the export.xml itself if the file is genuine.' },
  too_many_entries: { title: 'Too many entries in the archive', advice: 'Give the export.xml itself if the file is genuine.' },
  nested_archive: { title: 'Archive inside an archive', advice: 'Unpack the outer one and give the export inside.' },
  unsafe_path: { title: 'Archive entry with an unsafe path', advice: 'Export again from the phone; the file was changed.' },
  ambiguous_entry: { title: 'More than one export in the archive', advice: 'Unpack it and give one export.xml.' },
  xml_entity_forbidden: { title: 'XML defines entities', advice: 'Genuine exports have none; export again from the phone.' },
  xml_limits: { title: 'XML beyond the limits', advice: 'Genuine exports stay far below them; export again from the phone.' },
  xml_malformed: { title: 'XML is malformed', advice: 'What stood before the damage is kept; export again for the rest.' },
  invalid_encoding: { title: 'Unknown text encoding', advice: 'Save the file as UTF-8.' },
} as const satisfies Record<string, { readonly title: string; readonly advice: string }>

export type ProblemCode = keyof typeof problems

export const problemCodes: readonly ProblemCode[] = Object.keys(problems).filter(isProblemCode)

export interface FieldProblem {
  /** JSON Pointer (RFC 6901) into what was sent. */
  readonly pointer: string
  readonly code: ProblemCode
  /** A sentence without any health value in it. */
  readonly message: string
}

export interface ProblemOptions {
  readonly cause?: unknown
  readonly errors?: readonly FieldProblem[]
}

/** A caller's mistake, an absent thing, or a part that does not answer. A bug is any other error. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly errors?: readonly FieldProblem[]

  constructor(code: ProblemCode, detail: string, { cause, errors }: ProblemOptions = {}) {
    super(detail, cause === undefined ? {} : { cause })
    this.code = code
    if (errors !== undefined) this.errors = errors
  }

  get detail(): string {
    return this.message
  }

  get title(): string {
    return problems[this.code].title
  }

  /** One line: what to do. */
  get advice(): string {
    return problems[this.code].advice
  }
}

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problems, text)
}
