import { quantile } from '../measure/quantile.ts'

/** One value that was measured in one round. */
export interface Sample {
  readonly part: string
  /** What was asked of the system, such as `100 streams of 500 tokens`. */
  readonly setting: string
  readonly system: string
  readonly metric: string
  readonly unit: string
  readonly value: number
  /** The machine had under 10 % of its processors left. */
  readonly saturated?: boolean
}

/** All rounds of one metric of one system. */
export interface Figure extends Omit<Sample, 'value'> {
  readonly values: number[]
  readonly median: number
}

/** Below this share of idle processor time, waiting for a processor is part of every latency. */
export const saturatedBelow = 0.1

/** Gathers samples into figures, in the order in which they first came. A figure is saturated if one of its rounds was. */
export function gather(samples: readonly Sample[]): Figure[] {
  const figures = new Map<string, Sample[]>()
  for (const sample of samples) {
    const key = [sample.part, sample.setting, sample.metric, sample.system].join('\n')
    figures.set(key, [...(figures.get(key) ?? []), sample])
  }
  return [...figures.values()].flatMap((rounds) => {
    const [first] = rounds
    if (!first) return []
    const { value: _, ...head } = first
    const values = rounds.map(({ value }) => value)
    return [
      { ...head, saturated: rounds.some((one) => one.saturated), values, median: quantile(values, 0.5) },
    ]
  })
}
