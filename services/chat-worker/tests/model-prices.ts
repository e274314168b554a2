import type { ModelSimulator } from '@omni2/model-simulator'
import { modelPrices } from '../src/model/prices.ts'

type Exchange = ReturnType<ModelSimulator['log']['list']>[number]

/** What the model's server counted for its calls, in USD as the price table has it. */
export function sumModelCost(calls: readonly Pick<Exchange, 'usage'>[]): number {
  const { input, output, cacheRead, cacheWrite } = modelPrices['claude-sonnet-5-5'] ?? {}
  if (!input || !output || !cacheRead || !cacheWrite) throw new Error('no prices')
  const costs = calls.map(({ usage }) => {
    if (!usage) return 0
    const read = usage.cache_read_input_tokens ?? 0
    const written = usage.cache_creation_input_tokens ?? 0
    return usage.input_tokens * input + usage.output_tokens * output + read * cacheRead + written * cacheWrite
  })
  return costs.reduce((sum, cost) => sum + cost, 0) / 1e6
}
