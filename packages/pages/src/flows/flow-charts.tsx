import { formatCompact, formatCost, formatDuration, formatNumber } from '../ui/format.ts'
import { Chart } from './bar-chart.tsx'
import { fillSteps } from './fill-steps.ts'
import type { FlowBucket, FlowStatistics } from './flow.ts'

/** How fast turns were, in two measures. */
const speeds = [
  { title: 'First token', p50: 'first_token_p50_ms', p95: 'first_token_p95_ms' },
  { title: 'Duration', p50: 'duration_p50_ms', p95: 'duration_p95_ms' },
] as const

/** What happened over a range: turns, tokens, cost, and how fast it was. */
export function FlowCharts({ statistics }: { readonly statistics: FlowStatistics }) {
  const filled = fillSteps(statistics)
  const steps = filled.map(({ at }) => at)
  const of = (name: Exclude<keyof FlowBucket, 'at'>) => filled.map((bucket) => bucket[name] ?? null)
  const sum = (name: 'turns' | 'failed' | 'tokens' | 'cost_usd') =>
    filled.reduce((total, bucket) => total + (bucket[name] ?? 0), 0)
  const passed = filled.map(({ turns = 0, failed = 0 }) => turns - failed)
  return (
    <div className="charts">
      <Chart
        title="Turns"
        total={`${formatNumber(sum('turns'))}${sum('failed') > 0 ? `, ${formatNumber(sum('failed'))} failed` : ''}`}
        steps={steps}
        kind="bars"
        format={formatNumber}
        series={[
          { name: 'answered', className: 'fill-main', values: passed },
          { name: 'failed', className: 'fill-bad', values: of('failed') },
        ]}
      />
      <Chart
        title="Tokens"
        total={formatCompact(sum('tokens'))}
        steps={steps}
        kind="bars"
        format={formatNumber}
        series={[{ name: 'tokens', className: 'fill-main', values: of('tokens') }]}
      />
      <Chart
        title="Cost"
        total={formatCost(sum('cost_usd'))}
        steps={steps}
        kind="bars"
        format={formatCost}
        series={[{ name: 'cost', className: 'fill-main', values: of('cost_usd') }]}
      />
      {speeds.map(({ title, p50, p95 }) => (
        <Chart
          key={title}
          title={title}
          total={`p95 to ${formatDuration(Math.max(0, ...of(p95).map((ms) => ms ?? 0)))}`}
          steps={steps}
          kind="lines"
          format={formatDuration}
          series={[
            { name: 'p95', className: 'line-soft', values: of(p95) },
            { name: 'p50', className: 'line-main', values: of(p50) },
          ]}
        />
      ))}
    </div>
  )
}
