import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { listSeries, type MetricDeclaration } from '../metrics/declare-metrics.ts'
import { makeRows, metricsDocument, readTable } from './metrics-table.ts'
import { readDeclarations } from './read-declarations.ts'

const declared = await readDeclarations()
const all = [...declared].flatMap(([service, declarations]) =>
  Object.values(declarations).map((declaration): [string, MetricDeclaration] => [service, declaration]),
)

/** Units that the value of a metric has by its name; counts of things have the things' own names. */
const badUnits = /_(?:ms|milliseconds|millis|minutes|hours|kb|mb|kilobytes|percent|count|sum|bucket)(?:_|$)/

/** Labels that would make a series for each user, turn or address. */
const badLabels = /(?:^|_)(?:id|user|session|conversation|address|ip|text|url|path|le|quantile|job|instance)$/

test('every service declares its metrics', () => {
  expect([...declared.keys()]).toEqual(
    expect.arrayContaining(['auth', 'chat-worker', 'console', 'flow-recorder', 'ws-edge']),
  )
})

test.each(all)('%s: $name follows the rules of Prometheus', (_service, metric) => {
  expect(metric.name).toMatch(/^omni2_[a-z][a-z0-9_]*[a-z0-9]$/)
  expect(metric.name).not.toMatch(badUnits)
  expect(metric.name.endsWith('_total')).toBe(metric.type === 'counter')
  expect(metric.help).toMatch(/^[A-Z0-9].*[^.]$/)
  expect(metric.help).not.toContain('|')
  for (const [label, values] of Object.entries(metric.labels ?? {})) {
    expect(label).toMatch(/^[a-z]+$/)
    expect(label).not.toMatch(badLabels)
    expect(new Set(values).size).toBe(values.length)
    for (const value of values) expect(value).toMatch(/^[a-z0-9][a-z0-9_.-]*$/)
  }
  expect(listSeries(metric.labels).length).toBeLessThanOrEqual(250)
  const buckets = metric.type === 'histogram' ? metric.buckets : []
  expect(buckets).toEqual([...new Set(buckets)].toSorted((one, other) => one - other))
})

test('a metric of one name is of one type, and once in a service', () => {
  const types = new Map<string, string>()
  for (const [service, declarations] of declared) {
    const names = Object.values(declarations).map(({ name }) => name)
    expect([service, ...new Set(names)]).toEqual([service, ...names])
    for (const { name, type } of Object.values(declarations)) {
      expect([name, types.get(name) ?? type]).toEqual([name, type])
      types.set(name, type)
    }
  }
})

test('docs/metrics.md lists every metric as declared (npm run generate)', async () => {
  expect(readTable(await readFile(metricsDocument, 'utf8'))).toEqual(makeRows(declared))
})
