import type { IncomingMessage } from 'node:http'
import { ApiError } from '../api-error.ts'

/** The whole body as text; a 413 above `maxBytes`, of which nothing is kept but all is read, so that the client hears it. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  if (bytes > maxBytes) throw new ApiError('request_too_large', `the body is larger than ${maxBytes} bytes`)
  return decodeBody(Buffer.concat(chunks))
}

function decodeBody(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw notJson('it is not UTF-8')
  }
}

export function parseJson(body: string): unknown {
  const lone = findLoneSurrogate(body)
  if (lone !== undefined) throw notJson(lone)
  try {
    return JSON.parse(body)
  } catch {
    throw notJson('it cannot be parsed')
  }
}

const escapes = /\\(?:u([0-9a-fA-F]{4})|.)/gs

/** Half a surrogate pair, which JSON.parse lets pass and the API does not. */
function findLoneSurrogate(body: string): string | undefined {
  if (!/\\u[dD][89a-fA-F]/.test(body)) return undefined
  let highEnd = -1
  for (const { 0: escape, 1: digits = '0', index } of body.matchAll(escapes)) {
    const unit = Number.parseInt(digits, 16)
    const isLow = unit >= 0xdc00 && unit <= 0xdfff
    if (highEnd !== -1 && !(isLow && index === highEnd)) return describe('no low surrogate', highEnd)
    if (highEnd === -1 && isLow) return describe('invalid high surrogate', index)
    highEnd = unit >= 0xd800 && unit <= 0xdbff ? index + escape.length : -1
  }
  return highEnd === -1 ? undefined : describe('no low surrogate', highEnd)
}

const describe = (what: string, at: number): string =>
  `${what} in string: line 1 column ${at + 1} (char ${at})`

const notJson = (why: string): ApiError =>
  new ApiError('invalid_request_error', `the request body is not valid JSON: ${why}`)
