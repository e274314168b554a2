import { formatTable } from './format-table.ts'

/** The fields that a change made different, each as `old → new`; nothing there is `none`. */
export function describeDifference({ before, after }: { before?: unknown; after?: unknown }): string[] {
  const [old, next] = [fieldsOf(before), fieldsOf(after)]
  const names = new Set([...Object.keys(old), ...Object.keys(next)])
  const rows = Array.from(names)
    .filter((name) => spell(old[name]) !== spell(next[name]))
    .map((name) => [`  ${name}`, `${spell(old[name])} → ${spell(next[name])}`])
  return rows.length === 0 ? ['  it was so before: nothing is different'] : formatTable(rows)
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

const spell = (value: unknown): string =>
  value === null || value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
