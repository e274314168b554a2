import type { IncomingMessage } from 'node:http'
import { clientMsgIdSchema, idempotencyHeader, wireBounds } from '@omni2/contracts'
import { RequestRefused } from './request-refused.ts'

const printable = /^[\x20-\x7e]+$/

const problem =
  `The header Idempotency-Key must come once, with 1 to ${wireBounds.clientMsgIdLength} ` +
  'printable ASCII characters.'

/** The client's own name for its message; undefined when it gives none. Throws RequestRefused for one of no use. */
export function readIdempotencyKey({
  headersDistinct,
}: Pick<IncomingMessage, 'headersDistinct'>): string | undefined {
  const [given, ...others] = headersDistinct[idempotencyHeader] ?? []
  if (given === undefined) return undefined
  const isUsable = clientMsgIdSchema.safeParse(given).success && printable.test(given)
  if (!isUsable || others.length > 0) throw new RequestRefused('invalid_frame', { error: problem })
  return given
}
