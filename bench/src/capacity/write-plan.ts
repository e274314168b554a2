import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Figure } from '../report/results.ts'
import { planCapacity, type Demand, type Plan } from './plan-capacity.ts'

const demands: readonly Demand[] = [
  { connections: 10_000, streams: 1000 },
  { connections: 100_000, streams: 10_000 },
  { connections: 1_000_000, streams: 100_000 },
]

/** The figures of all reports in a folder; of a figure that was measured again, the newest. */
async function readFigures(folder: string): Promise<Figure[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).toSorted()
  const reports = files.toReversed().map(async (name) => {
    const { figures }: { figures: Figure[] } = JSON.parse(await readFile(join(folder, name), 'utf8'))
    return figures
  })
  return (await Promise.all(reports)).flat()
}

const lines: readonly [string, (plan: Plan) => number][] = [
  ['turns a second', (plan) => plan.turnsPerSecond],
  ['tokens a second', (plan) => plan.tokensPerSecond],
  ['edges', (plan) => plan.edges],
  ['memory of connections, GB', (plan) => plan.edgeMemory],
  ['workers', (plan) => plan.workers],
  ['recorders', (plan) => plan.recorders],
  ['cores of NATS', (plan) => plan.natsCores],
  ['cores of Postgres', (plan) => plan.postgresCores],
  ['cores of Redis', (plan) => plan.redisCores],
]

/** A table of what has to run for three sizes, from the reports in a folder. Throws FigureMissingError. */
export async function writePlan(folder: string): Promise<string> {
  const figures = await readFigures(folder)
  const plans = demands.map((demand) => planCapacity(demand, figures))
  const count = (value: number) =>
    value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value).toLocaleString('en-US')
  const head = [
    'connections / streams',
    ...demands.map(({ connections, streams }) => `${count(connections)} / ${count(streams)}`),
  ]
  const rows = lines.map(([name, read]) => [name].concat(plans.map((plan) => count(read(plan)))))
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return `${[head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}
