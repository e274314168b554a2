import type { JetStreamManager } from '@omni2/bus'
import { deadLetterSchema, streams, type DeadLetter } from '@omni2/contracts'
import type { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { findNextMessage } from '../request/find-next-message.ts'
import type { letterSchema, listedLetterSchema } from './dead-letter-schemas.ts'

const stream = streams.DEAD_LETTERS.name

type Streams = Pick<JetStreamManager, 'streams'>

export interface StoredLetter {
  readonly seq: number
  readonly letter: DeadLetter
}

/** Letters after a sequence, oldest first. A message that is no letter, such as a test, is shown without a place. */
export async function listLetters(
  { after, limit }: { after: number; limit: number },
  api: Streams,
): Promise<StoredLetter[]> {
  const found: StoredLetter[] = []
  for (let seq = after; found.length < limit;) {
    const stored = await findNextMessage({ stream, after: seq, subject: 'dead.>' }, api)
    if (stored === null) break
    found.push({ seq: stored.seq, letter: readLetter(stored.data) })
    ;({ seq } = stored)
  }
  return found
}

/** One letter; throws ConsoleRefused when it is gone. */
export async function findLetter(seq: number, { streams: api }: Streams): Promise<StoredLetter> {
  const stored = await api.getMessage(stream, { seq })
  if (stored === null) throw new ConsoleRefused('not_found', { text: `There is no letter ${seq}.` })
  return { seq: stored.seq, letter: readLetter(stored.data) }
}

/** Deletes a letter; false when it is already deleted. */
export async function deleteLetter(seq: number, { streams: api }: Streams): Promise<boolean> {
  try {
    return await api.deleteMessage(stream, seq, false)
  } catch (err) {
    if ((await api.getMessage(stream, { seq })) === null) return false
    throw err
  }
}

function readLetter(data: Uint8Array): DeadLetter {
  try {
    return deadLetterSchema.parse(JSON.parse(Buffer.from(data).toString('utf8')))
  } catch {
    return {
      reason: 'not a dead letter',
      subject: '',
      stream: '',
      stream_sequence: 0,
      deliveries: 0,
      payload: Buffer.from(data).toString('base64'),
      parked_at: new Date(0).toISOString(),
      parked_by: '',
    }
  }
}

/** A letter without its payload. */
export function describeLetter({ seq, letter }: StoredLetter): z.infer<typeof listedLetterSchema> {
  const { payload, ...rest } = letter
  return { seq, ...rest, payload_bytes: Buffer.byteLength(payload, 'base64') }
}

/** A letter with its payload. */
export function describeWhole(stored: StoredLetter): z.infer<typeof letterSchema> {
  const payload_base64 = stored.letter.payload
  return { ...describeLetter(stored), payload_text: readText(payload_base64), payload_base64 }
}

function readText(base64: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    return null
  }
}
