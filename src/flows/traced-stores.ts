import { placeOf } from '../model/collections.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, Write } from '../ports/documents.ts'
import type { Tracer } from '../ports/tracer.ts'

/** The same documents, whose calls are told as steps of the work around them; a job that is queued carries on the trace that it comes from. */
export function tracedDocuments(documents: Documents, tracer: Tracer): Documents {
  return {
    get: (path) => tracer.step('documents.get', { collection: placeOf(path).collection }, () => documents.get(path)),
    list: (query) => tracer.step('documents.list', { collection: query.collection }, () => documents.list(query)),
    batch: (writes) =>
      tracer.step('documents.batch', { writes: writes.length }, () => documents.batch(writes.map((write) => carrying(write, tracer)))),
    claim: (query, change) => tracer.step('documents.claim', { collection: query.collection }, () => documents.claim(query, change)),
    actingFor: (userId) => tracedDocuments(documents.actingFor(userId), tracer),
    close: () => documents.close(),
  }
}

function carrying(write: Write, tracer: Tracer): Write {
  const traceparent = tracer.current()
  if (traceparent === undefined || write.op !== 'put' || !write.ifAbsent || placeOf(write.path).collection !== 'jobs') return write
  return { ...write, body: { ...write.body, traceparent } }
}

/** The same objects; what is read or listed in pieces is no step of its own. */
export function tracedBlobs(blobs: Blobs, tracer: Tracer): Blobs {
  return {
    putAll: (objects, options) => tracer.step('blobs.putAll', { objects: objects.length }, () => blobs.putAll(objects, options)),
    putStream: (key, content, options) => tracer.step('blobs.putStream', {}, () => blobs.putStream(key, content, options)),
    get: (key, options) => tracer.step('blobs.get', {}, () => blobs.get(key, options)),
    read: (key, expect) => blobs.read(key, expect),
    head: (key) => tracer.step('blobs.head', {}, () => blobs.head(key)),
    list: (prefix) => blobs.list(prefix),
    delete: (key) => tracer.step('blobs.delete', {}, () => blobs.delete(key)),
    deleteAll: (keys) => tracer.step('blobs.deleteAll', { objects: keys.length }, () => blobs.deleteAll(keys)),
  }
}
