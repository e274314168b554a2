import {
  encodeTurnFrame,
  errorCodes,
  type ErrorCodeName,
  type ErrorFields,
  type ServerFrame,
  type ServerFrameType,
} from '@omni2/contracts'

type ErrorExtras = Partial<Omit<ErrorFields, 'code'>> & Record<string, unknown>

const encoder = new TextEncoder()

/** Writes a frame of a connection, outside any turn. */
export const encodeFrame = (frame: ServerFrame): Uint8Array => encoder.encode(JSON.stringify(frame))

/** Writes an `error` frame that answers the client; its text is the code's own unless `error` says more. */
export const makeErrorFrame = (code: ErrorCodeName, extras: ErrorExtras = {}): Uint8Array =>
  encodeFrame({ type: 'error', code, ...extras, error: extras.error ?? errorCodes[code].text })

/** Writes a frame of the edge's own that belongs to a turn: attempt 0, seq 0. */
export const makeTurnFrame = (
  type: ServerFrameType,
  turnId: string,
  body: Record<string, unknown> = {},
): Uint8Array => encodeTurnFrame({ type, session_id: turnId, attempt: 0, from: 0, seq: 0 }, body)
