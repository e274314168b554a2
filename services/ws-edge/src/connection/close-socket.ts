import { closeCodes, fitCloseReason, type CloseCodeNumber } from '@omni2/contracts'
import type { WebSocket } from 'ws'
import { encodeFrame } from '../frames/make-frame.ts'

/** Whether clients get a `goodbye` frame: only where they should reconnect. */
export const isGoodbye = (code: CloseCodeNumber): boolean => closeCodes[code].reconnect

/** Writes the last frame before a close after which the client may come back. */
export const makeGoodbye = (code: CloseCodeNumber, retryAfterMs: number): Uint8Array =>
  encodeFrame({ type: 'goodbye', code, resume: closeCodes[code].resume, retry_after_ms: retryAfterMs })

/** Begins the closing handshake; a peer that does not finish it in `deadlineMs` is cut off. */
export function closeSocket(
  socket: WebSocket,
  { code, reason, deadlineMs }: { code: CloseCodeNumber; reason: string; deadlineMs: number },
): void {
  socket.close(code, fitCloseReason(reason))
  cutOffAfter(socket, deadlineMs)
}

/** Cuts a socket off unless it has closed by then. */
export function cutOffAfter(socket: WebSocket, deadlineMs: number): void {
  const timer = setTimeout(() => socket.terminate(), deadlineMs)
  socket.once('close', () => clearTimeout(timer))
}
