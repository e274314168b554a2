import { semanticAttributes, withSpan } from '@omni2/telemetry'
import type { Operation, RequestContext } from './operation.ts'

/**
 * Each admitted operation has its own trace, whatever traceparent the request has; a replayed turn is part of it.
 * Streams last too long for a trace.
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
