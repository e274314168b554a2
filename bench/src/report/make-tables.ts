import type { Figure } from './results.ts'

/** Tables in Markdown: one for each setting, a line for each metric, a column for each system and each ratio to a peer. */
export function makeTables(figures: readonly Figure[]): string {
  const settings = Map.groupBy(figures, ({ part, setting }) => `${part}: ${setting}`)
  return [...settings].map(([title, rows]) => `### ${title}\n\n${makeTable(rows)}`).join('\n')
}

function makeTable(figures: readonly Figure[]): string {
  const systems = [...new Set(figures.map(({ system }) => system))]
  const peers = systems.includes('ours') ? systems.filter((system) => system !== 'ours') : []
  const metrics = Map.groupBy(figures, ({ metric, unit }) => (unit === '' ? metric : `${metric}, ${unit}`))
  const head = ['', ...systems, ...peers.map((peer) => `ours ÷ ${peer}`)]
  const lines = [...metrics].map(([metric, row]) => {
    const find = (system: string) => row.find((figure) => figure.system === system)
    const ratios = peers.map((peer) => divide(find('ours'), find(peer)))
    return [metric].concat(
      systems.map((system) => show(find(system))),
      ratios,
    )
  })
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return `${[head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`
}

function show(figure: Figure | undefined): string {
  if (!figure) return ''
  const { values, median, saturated } = figure
  const mark = saturated ? ' (saturated)' : ''
  const spread = values.length > 1 ? ` (${round(Math.min(...values))}–${round(Math.max(...values))})` : ''
  return `${round(median)}${spread}${mark}`
}

const divide = (one: Figure | undefined, other: Figure | undefined): string =>
  one && other ? (one.median / other.median).toFixed(2) : ''

/** Three significant digits, without an exponent. */
function round(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  return value.toFixed(Math.min(digits, 6))
}
