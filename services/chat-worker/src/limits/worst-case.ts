import { createHash } from 'node:crypto'
import type { Anthropic } from '@anthropic-ai/sdk'
import { countInput, type Prices, type Usage } from '../prices.ts'

/** 1e-8 USD. Every billed amount is a whole number of these, so that sums and comparisons of money are exact. */
type UsdUnits = number

/** An amount reserved for a turn, or left for one. */
export interface Amount {
  usd: UsdUnits
  tokens: number
}

export type PromptRequest = Pick<
  Anthropic.MessageCreateParamsNonStreaming,
  'model' | 'system' | 'tools' | 'tool_choice' | 'thinking' | 'messages'
>

const unitsPerUsd = 1e8
/** A price in USD for a million tokens, as units for one token. */
const unitsPerToken = (price: number): number => (price * unitsPerUsd) / 1e6

/** Tokens that the API itself puts before a prompt with tools: 346 to 530 by model (docs: "Tool use", pricing). */
const toolPromptTokens = 600

export const toUnits = (usd: number): UsdUnits => Math.round(usd * unitsPerUsd)

export const toUsd = (units: UsdUnits): number => units / unitsPerUsd

/** The most tokens that a request reads, without a count: no token is shorter than a byte of its JSON. */
export const boundInputTokens = (request: PromptRequest): number =>
  Buffer.byteLength(writePrompt(request)) + (request.tools?.length ? toolPromptTokens : 0)

/** Names a prompt. The same name means the same prompt, and so the same number of tokens. */
export const namePrompt = (request: PromptRequest): string =>
  createHash('sha256').update(writePrompt(request)).digest('base64')

const writePrompt = ({ model, system, tools, tool_choice, thinking, messages }: PromptRequest): string =>
  JSON.stringify([model, system, tools, tool_choice, thinking, messages])

/** The highest cost of one model call: all of its input written to the cache, all of its output used. */
export function worstCase(inputTokens: number, outputTokens: number, prices: Prices): Amount {
  const units = inputTokens * inputUnits(prices) + outputTokens * unitsPerToken(prices.output)
  return { usd: ceilUnits(units), tokens: inputTokens + outputTokens }
}

/** The longest output whose worst case fits; below 0 if the input alone does not fit, infinite if output is free. */
export function fitOutput(left: Amount, inputTokens: number, prices: Prices): number {
  const usdLeft = left.usd - ceilUnits(inputTokens * inputUnits(prices))
  const tokensLeft = left.tokens - inputTokens
  if (usdLeft < 0 || tokensLeft < 0) return -1
  if (prices.output === 0) return Math.floor(tokensLeft)
  return Math.min(Math.floor(tokensLeft), Math.floor(nearlyWhole(usdLeft / unitsPerToken(prices.output))))
}

/** The cost of model calls, rounded up so that no bill is higher. */
export const spentAmount = (usage: Usage, prices: Prices): Amount => ({
  usd: ceilUnits(
    usage.input * unitsPerToken(prices.input) +
      usage.output * unitsPerToken(prices.output) +
      usage.cacheRead * unitsPerToken(prices.cacheRead) +
      usage.cacheWrite * unitsPerToken(prices.cacheWrite),
  ),
  tokens: countInput(usage) + usage.output,
})

export const addAmounts = (one: Amount, other: Amount): Amount => ({
  usd: one.usd + other.usd,
  tokens: one.tokens + other.tokens,
})

export const subtractAmounts = (one: Amount, other: Amount): Amount => ({
  usd: one.usd - other.usd,
  tokens: one.tokens - other.tokens,
})

/** Every request marks its prompt for the cache, and writing there costs more than reading plainly. */
const inputUnits = ({ input, cacheWrite, cacheRead }: Prices): number =>
  unitsPerToken(Math.max(input, cacheWrite, cacheRead))

const ceilUnits = (units: number): UsdUnits => Math.ceil(nearlyWhole(units))

/**
 * Prices are decimal fractions. A result that differs from a whole number only by the error of binary fractions is that
 * number.
 */
const nearlyWhole = (value: number): number => {
  const whole = Math.round(value)
  return Math.abs(value - whole) < 1e-6 ? whole : value
}
