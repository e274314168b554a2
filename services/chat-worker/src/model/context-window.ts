import type { Config } from '../config.ts'

/** Tokens that a model holds, prompt and reply together, as published with the prices. */
const contextWindows: Readonly<Record<string, number>> = {
  'claude-opus-5-5': 1_000_000,
  'claude-sonnet-5-5': 1_000_000,
  'claude-sonnet-5': 1_000_000,
  'claude-haiku-4-5': 200_000,
}

/** What every model of the API holds. */
const smallestWindow = 200_000

/** How the context window is shared: the reply gets room for its longest length, but at most half. */
export function splitWindow(config: Pick<Config, 'MODEL' | 'MODEL_CONTEXT_TOKENS' | 'MODEL_MAX_TOKENS'>): {
  prompt: number
  reply: number
} {
  const window = config.MODEL_CONTEXT_TOKENS ?? contextWindows[config.MODEL] ?? smallestWindow
  const reply = Math.min(config.MODEL_MAX_TOKENS, Math.floor(window / 2))
  return { prompt: window - reply, reply }
}
