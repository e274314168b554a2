import { createHash } from 'node:crypto'
import type { ConversationMessage } from '../request/request-shape.ts'

/** A source of the same numbers for the same seed. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  next(below: number): number
}

/**
 * The digest (hex) that everything random in a reply comes from: that of the conversation as the model reads it.
 * Model, tools, limits and cache breakpoints stay out, so a test that knows the words can predict the reply.
 */
export function digestConversation(messages: readonly ConversationMessage[]): string {
  return digest(
    JSON.stringify(messages, (name, value: unknown) => (name === 'cache_control' ? undefined : value)),
  )
}

/** SHA-256 of a text, in hex. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Mulberry32 (public domain, T. Ettinger): 32 bits of state, plenty for prose. */
export function seedRandom(seed: string): Random {
  let state = Number.parseInt(digest(seed).slice(0, 8), 16)
  return {
    next(below) {
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below
    },
  }
}
