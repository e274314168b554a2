import type { MetricDeclaration, MetricDeclarations } from '../metrics/declare-metrics.ts'

export const metricsDocument = new URL('../../../../docs/metrics.md', import.meta.url)

const header = ['name', 'type', 'labels', 'meaning', 'services']
/** Around what is written by write-documents.ts. */
const [begin, end] = ['<!-- metrics: begin -->', '<!-- metrics: end -->']

/** Values of a label up to which they stand in the table. */
const valuesShown = 10

/** One row for each metric: a metric that several services have says which. */
export function makeRows(declared: ReadonlyMap<string, MetricDeclarations>): string[][] {
  const rows = new Map<string, { cells: string[]; services: string[] }>()
  for (const [service, declarations] of declared) {
    for (const declaration of Object.values(declarations)) {
      const cells = describe(declaration)
      const row = rows.get(cells.join()) ?? { cells, services: [] }
      row.services.push(service)
      rows.set(cells.join(), row)
    }
  }
  return [...rows.values()]
    .map(({ cells, services }) => cells.concat(services.join(', ')))
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1))
}

const describe = ({ name, type, labels = {}, help }: MetricDeclaration): string[] => [
  `\`${name}\``,
  type,
  Object.entries(labels).map(describeLabel).join('; ') || '–',
  help,
]

const describeLabel = ([name, values]: [string, readonly string[]]): string =>
  `\`${name}\`: ${values.length > valuesShown ? `${values.length} values` : values.join(', ')}`

/** Replaces the table of the document. */
export function replaceTable(document: string, rows: readonly string[][]): string {
  const [before] = document.split(begin)
  const [, after] = document.split(end)
  return `${before}${begin}\n\n${formatTable(rows)}\n\n${end}${after}`
}

/** The table of the document, cell by cell, without its header. */
export function readTable(document: string): string[][] {
  const table = document.split(begin)[1]?.split(end)[0] ?? ''
  const lines = table.split('\n').filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

function formatTable(rows: readonly string[][]): string {
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const format = (row: readonly string[], fill = ' ') =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width, fill)).join(' | ')} |`
  return [format(header), format([], '-'), ...rows.map((row) => format(row))].join('\n')
}
