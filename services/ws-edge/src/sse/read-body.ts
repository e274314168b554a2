import type { IncomingMessage } from 'node:http'
import { RequestRefused } from './request-refused.ts'

/** Reads a request's whole body. Throws RequestRefused above `maxBytes`, and whatever the stream throws when it breaks. */
export async function readBody(
  request: IncomingMessage,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer> {
  const tooLarge = () => new RequestRefused('body_too_large', { fields: { limit: maxBytes } })
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const parts: Buffer[] = []
  let bytes = 0
  // Leaving the loop must not destroy the connection: the refusal still has to go out on it.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maxBytes) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}
