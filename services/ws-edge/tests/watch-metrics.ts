import { readMetrics } from '@omni2/testkit'
import { expect, vi } from 'vitest'

export type MetricsWatch = Awaited<ReturnType<typeof watchMetrics>>

const prefix = 'omni2_edge_'

/** Watches what an edge counts from now on; series are named without `omni2_edge_`, and go to `moved` once they are not 0. */
export async function watchMetrics({ healthUrl }: { healthUrl: string }, moved: Set<string>) {
  const before = await readMetrics(healthUrl)
  const read = async () => {
    const values = [...(await readMetrics(healthUrl))]
      .filter(([series]) => series.startsWith(prefix))
      .map(([series, value]): [string, number] => [
        series.slice(prefix.length),
        isSum(series) ? value - (before.get(series) ?? 0) : value,
      ])
      .filter(([, value]) => value !== 0)
    for (const [series] of values) moved.add(nameMetric(series).replace(/_(?:count|sum|bucket)$/, ''))
    return values
  }
  return {
    /** What a gauge says, or by how much a counter has moved. */
    valueOf: async (series: string) => new Map(await read()).get(series) ?? 0,
    /** Until the metrics named here are at these values, and none of their other series has moved. */
    whenMoved: (expected: Record<string, number>) =>
      vi.waitFor(
        async () => {
          const names = new Set(Object.keys(expected).map(nameMetric))
          const values = (await read()).filter(([series]) => names.has(nameMetric(series)))
          expect(Object.fromEntries(values)).toEqual(dropZeros(expected))
        },
        { timeout: 20_000, interval: 50 },
      ),
  }
}

const isSum = (series: string): boolean => /_(?:total|count|sum|bucket)(?:\{|$)/.test(series)

const nameMetric = (series: string): string => series.replace(/\{.*/, '')

const dropZeros = (values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0))
