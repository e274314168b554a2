import type { ShippedModel } from '@omni2/contracts'
import type { Config } from '../config.ts'

/** Tokens that a model holds, prompt and reply together, as published with the prices. */
const contextWindows: Readonly<Record<ShippedModel, number>> = {
  'claude-fable-5-2': 1_000_000,
  'claude-fable-5-1': 1_000_000,
  'claude-fable-5': 1_000_000,
  'claude-opus-5-5': 1_000_000,
  'claude-opus-5': 1_000_000,
  'claude-opus-4-8': 1_000_000,
  'claude-opus-4-7': 1_000_000,
  'claude-opus-4-6': 1_000_000,
  'claude-opus-4-5': 200_000,
  'claude-sonnet-5-5': 1_000_000,
  'claude-sonnet-5': 1_000_000,
  'claude-sonnet-4-6': 1_000_000,
  'claude-sonnet-4-5': 200_000,
  'claude-haiku-4-5': 200_000,
}

const windowOf = new Map<string, number>(Object.entries(contextWindows))

/** What every model of the API holds. */
const smallestWindow = 200_000

/** How the context window is shared: the reply gets room for its longest length, but at most half. */
export function splitWindow(config: Pick<Config, 'MODEL' | 'MODEL_CONTEXT_TOKENS' | 'MODEL_MAX_TOKENS'>): {
  prompt: number
  reply: number
} {
  const window = config.MODEL_CONTEXT_TOKENS ?? windowOf.get(config.MODEL) ?? smallestWindow
  const reply = Math.min(config.MODEL_MAX_TOKENS, Math.floor(window / 2))
  return { prompt: window - reply, reply }
}
