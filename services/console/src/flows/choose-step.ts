/** Steps of a chart, in seconds: a minute to a week. */
const steps = [60, 300, 900, 3600, 3 * 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600] as const

/** Most steps of a chart, so that its bars stay wide enough to be pointed at. */
export const mostSteps = 96

/** The shortest step, in seconds, that divides a range of milliseconds into at most `mostSteps`; else a longer one. */
export function chooseStep(rangeMs: number): number {
  const shortest = rangeMs / 1000 / mostSteps
  return steps.find((step) => step >= shortest) ?? Math.ceil(shortest)
}
