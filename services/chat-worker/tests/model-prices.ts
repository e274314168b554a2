import type { ModelSimulator } from '@omni2/model-simulator'
import { shippedPrices } from '@omni2/contracts'
import { toPrices } from '../src/prices.ts'

type Exchange = ReturnType<ModelSimulator['log']['list']>[number]

const usual = shippedPrices.find(({ model }) => model === 'claude-sonnet-5-5')
if (!usual) throw new Error('the usual model has no price')

/** The default model of the workers. */
export const usualPrices = toPrices(usual)

/** The cost of the calls that the model server counted, in USD by the price table. */
export function sumModelCost(calls: readonly Pick<Exchange, 'usage'>[]): number {
  const { input, output, cacheRead, cacheWrite } = usualPrices
  const costs = calls.map(({ usage }) => {
    if (!usage) return 0
    const read = usage.cache_read_input_tokens ?? 0
    const written = usage.cache_creation_input_tokens ?? 0
    return usage.input_tokens * input + usage.output_tokens * output + read * cacheRead + written * cacheWrite
  })
  return costs.reduce((sum, cost) => sum + cost, 0) / 1e6
}
