import { semanticAttributes, withSpan } from '@omni2/telemetry'
import type { Operation, RequestContext } from './operation.ts'

/**
 * An operation that was let in is a trace of its own, whatever traceparent came with it; a replayed turn hangs below it.
 * Streams last too long to be one.
 */
export function traceOperation<T>(
  { id, kind, method, path }: Operation,
  { actor, requestId }: Pick<RequestContext, 'actor' | 'requestId'>,
  work: () => Promise<T>,
): Promise<T> {
  if (kind === 'stream') return work()
  const attributes = {
    [semanticAttributes.httpMethod]: method,
    [semanticAttributes.httpRoute]: path,
    [semanticAttributes.userId]: String(actor.userId),
    [semanticAttributes.request]: requestId,
  }
  return withSpan({ name: id, kind: 'server', parent: undefined, attributes }, work)
}
