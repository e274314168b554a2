import { ChatError } from './chat-error.ts'

/** Bounds of the protocol: characters of a text, bytes of a frame. The server would close on a larger frame. */
export const textBounds = { characters: 32_000, frameBytes: 65_536 } as const

/** The error of a text that the server would refuse; `json` is the frame or body with it. */
export function checkText(text: string, json: string): ChatError | undefined {
  if (text.trim() === '') return new ChatError('invalid_text', 'The message needs a text that is not empty.')
  const { characters, frameBytes } = textBounds
  const isLong = text.length > characters || new TextEncoder().encode(json).length > frameBytes
  return isLong
    ? new ChatError('text_too_long', 'The message is too long.', { limit: characters })
    : undefined
}
