import type { FlowBucket, FlowStatistics } from './flow.ts'

/** Every step of a range, also those in which nothing happened, which the server leaves out. */
export function fillSteps({
  since,
  until,
  step_seconds,
  buckets,
}: FlowStatistics): (Partial<FlowBucket> & { at: string })[] {
  const stepMs = step_seconds * 1000
  const known = new Map(buckets.map((bucket) => [Date.parse(bucket.at), bucket]))
  const steps: (Partial<FlowBucket> & { at: string })[] = []
  for (let at = Math.floor(Date.parse(since) / stepMs) * stepMs; at < Date.parse(until); at += stepMs)
    steps.push(known.get(at) ?? { at: new Date(at).toISOString() })
  return steps
}
