import type { LimitState } from '@omni2/client'
import { formatCost, formatNumber, formatTime } from '../ui/format.ts'

const names: Readonly<Record<LimitState['kind'], string>> = {
  requests_per_minute: 'messages a minute',
  concurrent_turns: 'replies at once',
  cost_daily: 'of today’s budget',
  requests_period: 'messages',
  tokens_period: 'tokens',
  cost_period: 'of the budget',
}

/** Part of a limit from which on it is shown. */
const nearShare = 0.8

/** Limits that are nearly used up, with when they begin again. */
export function LimitsLine({ limits }: { readonly limits: readonly LimitState[] }) {
  const near = limits.filter(
    ({ kind, limit, used }) =>
      kind !== 'concurrent_turns' && limit !== null && limit > 0 && used / limit >= nearShare,
  )
  if (near.length === 0) return null
  return <p className="limits">{near.map(describe).join(' · ')}</p>
}

function describe({ kind, remaining, limit, reset_at }: LimitState): string {
  const write = kind.startsWith('cost') ? formatCost : formatNumber
  const reset = reset_at === null ? '' : `, again ${formatTime(reset_at)}`
  return `${write(remaining ?? 0)} of ${write(limit ?? 0)} ${names[kind].replace(/^of (?=today|the)/, '')} left${reset}`
}
