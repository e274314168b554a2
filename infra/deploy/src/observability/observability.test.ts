import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readComposeFile } from '../compose/compose-file.ts'
import { makeServiceEnvironment } from '../compose/service-environment.ts'
import { services } from '../configuration/services.ts'
import { repositoryRoot } from '../repository-root.ts'
import { declaredSeries } from './declared-metrics.ts'
import { findQueryFaults } from './find-query-faults.ts'
import { readQuery } from './read-query.ts'

const declared = await declaredSeries()
const compose = await readComposeFile(repositoryRoot, {})
const read = (file: string) => readFile(join(repositoryRoot, file), 'utf8')

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
})
const rules = rulesSchema
  .parse(parse(await read('infra/prometheus/rules/chat.yml')))
  .groups.flatMap((group) => group.rules)

const dashboardSchema = z.object({
  uid: z.string(),
  panels: z.array(
    z.object({
      title: z.string(),
      datasource: z.object({ uid: z.string() }).optional(),
      targets: z.array(z.object({ expr: z.string().optional(), query: z.string().optional() })).default([]),
    }),
  ),
})
const dashboards: z.infer<typeof dashboardSchema>[] = []
for await (const file of glob('infra/grafana/dashboards/*.json', { cwd: repositoryRoot }))
  dashboards.push(dashboardSchema.parse(JSON.parse(await read(file))))
const panels = dashboards.flatMap((dashboard) => dashboard.panels)
const queries = panels.flatMap(({ title, targets }) =>
  targets.flatMap(({ expr }) => (expr === undefined ? [] : [[title, expr] as const])),
)

const alerts = rules.map(({ alert, expr }) => [alert, expr] as const)

test.each([...alerts, ...queries])(
  'observability - %s - asks for series and labels that exist',
  (_, query) => {
    expect(findQueryFaults(query, declared)).toEqual([])
  },
)

test('observability - a query for a series that no service exports - is found', () => {
  const query =
    'sum by (end, color) (rate(omni2_worker_turns_ended_total{end=~"done|dun"}[5m])) / omni2_turns{job="omni2"}'
  expect(findQueryFaults(query, declared)).toEqual([
    'omni2_worker_turns_ended_total{end="dun"}',
    'omni2_turns',
    'color',
  ])
})

test('observability - every alert - has a runbook of its own', async () => {
  const operations = await read('docs/operations.md')
  const headings = operations.matchAll(/^#+ (.+)$/gm)
  const known = new Set([...headings].map(([, text = '']) => text.toLowerCase().replaceAll(' ', '-')))
  const anchors = rules.map(({ annotations }) => annotations.runbook.replace(/^docs\/operations\.md#/, ''))
  expect(anchors.filter((anchor) => !known.has(anchor))).toEqual([])
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
})

test('observability - Prometheus - scrapes every service by its name and health port', async () => {
  const config = parse(await read('infra/prometheus/prometheus.yml')) as {
    scrape_configs: { job_name: string; dns_sd_configs?: { names: string[]; type: string; port: number }[] }[]
  }
  const [found] = config.scrape_configs.find(({ job_name: name }) => name === 'omni2')?.dns_sd_configs ?? []
  expect(found?.names.toSorted()).toEqual(services.map(({ name }) => name).toSorted())
  expect(found?.type).toBe('A')
  const reached = compose.services['prometheus']?.networks ?? []
  for (const { name } of services) {
    expect(makeServiceEnvironment(name, compose, repositoryRoot)['HEALTH_PORT']).toBe(String(found?.port))
    expect(compose.services[name]?.networks.filter((network) => reached.includes(network))).not.toEqual([])
  }
})

test('observability - data sources - are those the panels ask, where compose has them', async () => {
  const { datasources } = parse(await read('infra/grafana/provisioning/datasources/sources.yml')) as {
    datasources: { uid: string; url: string }[]
  }
  const known = new Set(datasources.map(({ uid }) => uid))
  const asked = panels.flatMap(({ datasource }) => (datasource ? [datasource.uid] : []))
  expect(asked.filter((uid) => !known.has(uid))).toEqual([])
  for (const { url } of datasources) {
    const host = new URL(url).hostname
    expect(compose.services[host]?.networks).toContain('observability')
  }
})

test('observability - what it starts - is started by the profile only', () => {
  for (const name of ['prometheus', 'grafana', 'tempo'])
    expect(compose.services[name]?.profiles).toEqual(['observability'])
})

test('observability - a query - is read with its labels', () => {
  expect(readQuery('sum by (a) (rate(omni2_x_total{b="c", d=~"e|f"}[5m])) > up{job="g"}')).toEqual([
    {
      name: 'omni2_x_total',
      matchers: [
        { label: 'b', values: ['c'] },
        { label: 'd', values: ['e', 'f'] },
      ],
    },
    { name: 'up', matchers: [{ label: 'job', values: ['g'] }] },
  ])
})
