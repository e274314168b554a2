import { formatTime } from '../ui/format.ts'

interface Series {
  readonly name: string
  readonly className: string
  readonly values: readonly (number | null)[]
}

interface ChartProps {
  readonly title: string
  /** What the whole range has, as text. */
  readonly total: string
  /** Begins of the steps, ISO 8601. */
  readonly steps: readonly string[]
  /** Drawn on top of one another, or as lines over one another. */
  readonly series: readonly Series[]
  readonly kind: 'bars' | 'lines'
  readonly format: (value: number) => string
}

const height = 64

/** A small chart over steps of time; its numbers stand beside it for those who do not see it. */
export function Chart({ title, total, steps, series, kind, format }: ChartProps) {
  const tops = steps.map((_, index) => {
    const values = series.map(({ values: each }) => each[index] ?? 0)
    return kind === 'bars' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values)
  })
  const top = Math.max(...tops, 0) || 1
  const describe = (index: number) =>
    [
      formatTime(steps[index] ?? ''),
      ...series.map(({ name, values }) => `${name} ${format(values[index] ?? 0)}`),
    ].join('\n')
  return (
    <figure className="chart">
      <figcaption>
        <span>{title}</span>
        <strong>{total}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${steps.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${total}`}
      >
        {kind === 'bars' &&
          steps.map((step, index) => <Stack key={step} index={index} series={series} top={top} />)}
        {kind === 'lines' &&
          series.map(({ name, className, values }) => (
            <polyline
              key={name}
              className={className}
              points={pointsOf(values, top)}
              vectorEffect="non-scaling-stroke"
            />
          ))}
        {steps.map((step, index) => (
          <rect key={step} className="hit" x={index} y={0} width={1} height={height}>
            <title>{describe(index)}</title>
          </rect>
        ))}
      </svg>
    </figure>
  )
}

function Stack({
  index,
  series,
  top,
}: {
  readonly index: number
  readonly series: readonly Series[]
  readonly top: number
}) {
  let below = 0
  return series.map(({ name, className, values }) => {
    const size = (height * (values[index] ?? 0)) / top
    below += size
    return (
      <rect key={name} className={className} x={index + 0.1} y={height - below} width={0.8} height={size} />
    )
  })
}

const pointsOf = (values: readonly (number | null)[], top: number): string =>
  values
    .flatMap((value, index) => {
      if (value === null) return []
      const y = 2 + (height - 4) * (1 - value / top)
      return [`${index + 0.1},${y} ${index + 0.9},${y}`]
    })
    .join(' ')
