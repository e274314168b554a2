import { Buffer } from 'node:buffer'
import type { ServerFrameType } from './server-frames.ts'

/** The position of a frame in its turn: enough for an edge to order, drop and merge it without parsing the rest. */
export interface FrameHead {
  type: ServerFrameType
  session_id: string
  attempt: number
  from: number
  seq: number
}

type FrameBody = Record<string, unknown> & { text?: string }

const encoder = new TextEncoder()

/** Longest head in bytes: fixed keys, a type, an id and three integers. */
const headBytes = 192

const headPattern =
  /^\{"type":"([a-z_]+)","session_id":"([0-9a-f-]{36})","attempt":(\d+),"from":(\d+),"seq":(\d+)(?=[,}])/

const textKey = ',"text":"'

/** Writes a turn's frame with the fixed head first and `text` last, the layout `readFrameHead` and `mergeTokens` rely on. */
export function encodeTurnFrame(head: FrameHead, body: FrameBody = {}): Uint8Array {
  const { type, session_id, attempt, from, seq } = head
  const { text, ...fields } = body
  const frame = { type, session_id, attempt, from, seq, ...fields, ...(text === undefined ? {} : { text }) }
  return encoder.encode(JSON.stringify(frame))
}

/** Reads a turn frame's head; undefined for anything that `encodeTurnFrame` did not write. */
export function readFrameHead(frame: Uint8Array): FrameHead | undefined {
  const match = matchHead(frame)
  if (!match) return undefined
  const [, type, session_id, attempt, from, seq] = match
  return {
    type: type as ServerFrameType,
    session_id: session_id as string,
    attempt: Number(attempt),
    from: Number(from),
    seq: Number(seq),
  }
}

/** Joins two neighbouring token frames of one attempt into one, without decoding their text. */
export function mergeTokens(first: Uint8Array, second: Uint8Array): Uint8Array {
  const head = readFrameHead(first)
  const next = readFrameHead(second)
  if (!head || !next) throw new TypeError('only frames with a head can be merged')
  const emptied = encodeTurnFrame({ ...head, seq: next.seq }, { text: '' })
  const opening = emptied.subarray(0, -2)
  return concatenate(opening, textBytes(first), textBytes(second), emptied.subarray(-2))
}

/** A head is ASCII; a decoder first looks whether it is, which takes longer than the rest. */
function matchHead({ buffer, byteOffset, length }: Uint8Array) {
  const head = Buffer.from(buffer, byteOffset, Math.min(length, headBytes))
  return headPattern.exec(head.toString('latin1'))
}

/** The JSON string's inside of a token frame, still escaped. */
function textBytes(frame: Uint8Array): Uint8Array {
  const head = matchHead(frame)
  return frame.subarray((head?.[0].length ?? 0) + textKey.length, -2)
}

function concatenate(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
