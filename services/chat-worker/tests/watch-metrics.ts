import { readMetrics } from '@omni2/testkit'
import { expect, vi } from 'vitest'

const isSum = (series: string): boolean => /_(?:total|count|sum)(?:\{|$)/.test(series)

/**
 * Watches the metrics of a worker. Series are named without `omni2_` and `worker_`. `whenMoved` waits until the named
 * series have changed as given since the last time, and checks that no other series of their metrics has. `moved` has
 * all metrics that ever changed.
 */
export async function watchMetrics(healthUrl: string) {
  const moved = new Set<string>()
  let before = await readMetrics(healthUrl)
  const readMoves = async () => {
    const now = await readMetrics(healthUrl)
    const moves = new Map<string, number>()
    for (const [series, value] of now) {
      const move = isSum(series) ? value - (before.get(series) ?? 0) : value
      if (move === 0 || /_bucket\{/.test(series)) continue
      moves.set(series.replace(/^omni2_(?:worker_)?/, ''), move)
      moved.add(nameMetric(series).replace(/_(?:count|sum)$/, ''))
    }
    return { now, moves }
  }
  const whenMoved = async (expected: Record<string, number>): Promise<void> => {
    const names = new Set(Object.keys(expected).map(nameMetric))
    const look = async () => {
      const { now, moves } = await readMoves()
      const ofThese = [...moves].filter(([series]) => names.has(nameMetric(series)))
      expect(Object.fromEntries(ofThese)).toEqual(dropZeros(expected))
      return now
    }
    before = await vi.waitFor(look, { timeout: 20_000, interval: 50 })
  }
  return {
    moved,
    whenMoved,
    /** The current value of a series. */
    readTotal: async (series: string): Promise<number> => {
      const { now } = await readMoves()
      return now.get(`omni2_worker_${series}`) ?? Number.NaN
    },
  }
}

const nameMetric = (series: string): string => series.replace(/\{.*/, '')

const dropZeros = (values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0))
