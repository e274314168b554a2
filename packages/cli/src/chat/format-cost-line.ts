import type { TurnResult } from '@omni2/contracts'

/** What a turn took: `12 tokens in (4 cached), 30 out · $0.00081000 · 1.42 s, first token after 0.21 s · model`. */
export function formatCostLine(result: TurnResult): string {
  const { tokens_input, tokens_cached, tokens_output, cost_usd, duration_ms, first_token_ms, model } = result
  const cached = tokens_cached > 0 ? ` (${tokens_cached} cached)` : ''
  const first = first_token_ms === null ? '' : `, first token after ${formatSeconds(first_token_ms)}`
  const estimated = result.estimated === true ? ' (estimated)' : ''
  const end = result.stop_reason === 'cancelled' ? ['cancelled'] : []
  return [
    ...end,
    `${tokens_input} tokens in${cached}, ${tokens_output} out${estimated}`,
    `$${cost_usd.toFixed(8)}`,
    `${formatSeconds(duration_ms)}${first}`,
    model,
  ].join(' · ')
}

const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
