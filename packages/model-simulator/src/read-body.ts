import type { IncomingMessage } from 'node:http'
import { ApiError } from './api-error.ts'

/** The whole body as text; a 413 above `maxBytes`, of which nothing is kept but all is read, so that the client hears it. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  if (bytes > maxBytes) throw new ApiError('request_too_large', `the body is larger than ${maxBytes} bytes`)
  return Buffer.concat(chunks).toString()
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new ApiError('invalid_request_error', 'the request body is not valid JSON')
  }
}
