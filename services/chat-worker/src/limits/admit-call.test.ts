import type { LimitState } from '@omni2/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shippedPrices } from '@omni2/contracts'
import { toPrices, parsePrices, priceUsage, type Prices, type Usage } from '../prices.ts'
import { admitCall, type Admission } from './admit-call.ts'
import { boundInputTokens, fitOutput, spentAmount, toUnits, toUsd, worstCase } from './worst-case.ts'

const prices: Prices = { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5 }
const config = { MODEL_MAX_TOKENS: 1000, MODEL_MIN_OUTPUT_TOKENS: 100 }

const state = (kind: LimitState['kind'], limit: number, used = 0): LimitState => ({
  kind,
  limit,
  used,
  remaining: limit - used,
  reset_at: null,
})

const decide = (limits: LimitState[], input = { tokens: 100, isFinal: true }): Admission =>
  admitCall(limits, input, { config, prices })

/** 100 tokens written to the cache and 1000 of output. */
const oneCall = 0.01025

test('a call that fits exactly is admitted whole, and reserves its worst case', () => {
  expect(decide([state('cost_daily', 1, 1 - oneCall)])).toEqual({
    state: 'admitted',
    allowance: {
      maxTokens: 1000,
      reserved: { usd: toUnits(oneCall), tokens: 1100 },
      input: { tokens: 100, isFinal: true },
    },
  })
})

test.each([
  ['money', state('cost_period', oneCall - 0.00001), 999],
  ['tokens', state('tokens_period', 700), 600],
])('where %s is left for a shorter reply, that is admitted', (_kind, limit, maxTokens) => {
  expect(decide([state('cost_daily', 5), limit])).toMatchObject({ allowance: { maxTokens } })
})

test('the shortest reply that is worth beginning is the last one; what refuses is the limit that leaves least', () => {
  const shortest = worstCase(100, 100, prices)
  const daily = (usd: number) => [state('tokens_period', 9999), state('cost_daily', toUsd(usd))]
  expect(decide(daily(shortest.usd))).toMatchObject({ allowance: { maxTokens: 100 } })
  expect(decide(daily(shortest.usd - 1))).toMatchObject({ state: 'refused', by: { kind: 'cost_daily' } })
})

test('short replies have to be given for three quarters at least', () => {
  const short = { MODEL_MAX_TOKENS: 40, MODEL_MIN_OUTPUT_TOKENS: 256 }
  const admit = (tokens: number) =>
    admitCall(
      [state('tokens_period', 100 + tokens)],
      { tokens: 100, isFinal: true },
      { config: short, prices },
    ).state
  expect([admit(30), admit(29)]).toEqual(['admitted', 'refused'])
})

test.each([
  ['concurrent_turns', 2, 2],
  ['requests_period', 10, 10],
  ['requests_per_minute', 0, 0],
  ['cost_daily', 0, 0],
  ['tokens_period', 5, 7],
] as const)('%s of %d with %d used admits nothing', (kind, limit, used) => {
  expect(decide([state(kind, limit, used)])).toMatchObject({ state: 'refused', by: { kind } })
})

test('a bound is good enough far from a limit; next to one the prompt has to be counted, unless nothing would fit', () => {
  const bound = { tokens: 400, isFinal: false }
  const worst = toUsd(worstCase(400, 1000, prices).usd)
  expect(decide([state('cost_daily', 16 * worst)], bound).state).toBe('admitted')
  expect(decide([state('cost_daily', 16 * worst - 0.00000001)], bound).state).toBe('uncounted')
  expect(decide([state('tokens_period', 1399)], bound).state).toBe('uncounted')
  expect(decide([state('tokens_period', 99)], bound).state).toBe('refused')
  expect(decide([], bound).state).toBe('admitted')
})

const price = fc.integer({ min: 0, max: 100_000 }).map((thousandths) => String(thousandths / 1000))
const anyPrices = fc.tuple(price, price, price, price).map((four) => parsePrices(four.join(',')) ?? prices)
const tokens = fc.nat({ max: 1_000_000 })

test('no call is billed more than its worst case, however its input was cached', () => {
  fc.assert(
    fc.property(
      anyPrices,
      tokens,
      tokens,
      tokens,
      tokens,
      (anyPrice, input, cacheRead, cacheWrite, output) => {
        const usage: Usage = { input, cacheRead, cacheWrite, output, estimated: false }
        const billed = toUnits(priceUsage(usage, anyPrice))
        const spent = spentAmount(usage, anyPrice)
        const worst = worstCase(input + cacheRead + cacheWrite, output, anyPrice)
        expect(spent.usd).toBeGreaterThanOrEqual(billed)
        expect(spent.usd - billed).toBeLessThanOrEqual(1)
        expect(worst.usd).toBeGreaterThanOrEqual(spent.usd)
        expect(worst.tokens).toBe(spent.tokens)
      },
    ),
  )
})

test('the longest output that fits does fit, and one token more does not', () => {
  fc.assert(
    fc.property(anyPrices, tokens, fc.nat(), tokens, (anyPrice, input, usd, left) => {
      const room = { usd, tokens: left }
      const output = fitOutput(room, input, anyPrice)
      const fits = (count: number) => {
        const worst = worstCase(input, count, anyPrice)
        return worst.usd <= usd && worst.tokens <= left
      }
      expect(output < 0 || fits(output)).toBe(true)
      expect(fits(Math.max(0, output + 1))).toBe(false)
    }),
  )
})

test('calls that are admitted one after the other never pass a limit together, and leave room for none', () => {
  const budgets = fc.integer({ min: 1, max: 20_000_000 })
  fc.assert(
    fc.property(
      budgets,
      fc.integer({ min: 1, max: 5000 }),
      fc.constantFrom(...shippedPrices.map(toPrices)),
      (limit, input, model) => {
        let reserved = 0
        for (;;) {
          const left = admitCall(
            [state('cost_daily', toUsd(limit), toUsd(reserved))],
            { tokens: input, isFinal: true },
            { config, prices: model },
          )
          if (left.state !== 'admitted') break
          reserved += left.allowance.reserved.usd
        }
        expect(reserved).toBeLessThanOrEqual(limit)
        expect(fitOutput({ usd: limit - reserved, tokens: Infinity }, input, model)).toBeLessThan(100)
      },
    ),
  )
})

test('the bound of a prompt counts bytes, of everything the model reads, and what comes with tools', () => {
  const ask = (content: string) => ({ model: 'm', messages: [{ role: 'user', content } as const] })
  const plain = boundInputTokens(ask('aa'))
  expect(boundInputTokens(ask('aä€'))).toBe(plain + 4)
  expect(boundInputTokens({ ...ask('aa'), system: 'x'.repeat(100) })).toBeGreaterThan(plain + 90)
  const tool = { name: 't', input_schema: { type: 'object' } as const }
  expect(boundInputTokens({ ...ask('aa'), tools: [tool] })).toBeGreaterThan(plain + 600)
})
