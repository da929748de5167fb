import type { ProblemCode } from '../model/problem.ts'
import type { BodyKind, Endpoint } from './endpoint.ts'

/** Every code that an endpoint may answer with: what any call may get, what its kind may, and its own. */
export function problemsOf(endpoint: Endpoint): ProblemCode[] {
  const { path, method, body, versioned, reply, query } = endpoint
  const codes: readonly (readonly ProblemCode[])[] = [
    ofAnyCall,
    path.includes('{') ? ['invalid_id', 'not_found'] : [],
    query === undefined ? [] : ['bad_parameter', 'repeated_parameter'],
    query?.shape.cursor === undefined ? [] : ['bad_cursor'],
    method === 'post' ? ['idempotency_key_required', 'idempotency_mismatch', 'idempotency_in_flight'] : [],
    versioned === 'must' || versioned === 'may' ? ['precondition_failed'] : [],
    versioned === 'must' ? ['precondition_required'] : [],
    method === 'get' ? [] : ['storage_full', 'conflict'],
    body === undefined ? [] : ofAnyBody,
    body === undefined ? [] : ofBody[body.type],
    reply.type === 'json' || reply.type === 'none' ? ['not_acceptable'] : [],
    endpoint.problems,
  ]
  return [...new Set(codes.flat())]
}

const ofAnyCall: readonly ProblemCode[] = [
  'unauthorized',
  'token_expired',
  'erased',
  'forbidden',
  'credential_in_url',
  'unknown_parameter',
  'uri_too_long',
  'bad_header',
  'malformed_request',
  'headers_too_large',
  'expectation_failed',
  'misdirected',
  'rate_limited',
  'overloaded',
  'unavailable',
  'storage_corrupt',
]

const ofAnyBody: readonly ProblemCode[] = [
  'body_too_large',
  'decompressed_too_large',
  'unsupported_media_type',
  'unsupported_encoding',
  'truncated_stream',
  'too_slow',
]

/** What reading JSON may find, and its schema. */
const ofJson: readonly ProblemCode[] = [
  'empty_body',
  'malformed_json',
  'invalid_utf8',
  'duplicate_key',
  'too_deep',
  'too_many_fields',
  'invalid',
  'wrong_type',
  'required',
  'unknown_field',
  'read_only_field',
  'invalid_enum',
  'invalid_unicode',
  'out_of_range',
  'unsafe_integer',
  'too_long',
  'too_many_items',
  'invalid_id',
  'invalid_date',
]

const ofBody: Readonly<Record<BodyKind['type'], readonly ProblemCode[]>> = {
  json: ofJson,
  samples: [...ofJson, 'use_json', 'too_many_errors', 'too_many_samples'],
  file: ['empty_body'],
}
