import { makePrintableLine } from '../output/make-printable.ts'

/** Rows as aligned columns, the first row as their heads; the last column is not padded. */
export function formatTable(rows: readonly (readonly unknown[])[]): string[] {
  const texts = rows.map((row) => row.map(toText))
  const widths = (texts[0] ?? []).map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  )
  return texts.map((row) =>
    row
      .map((text, column) => (column === row.length - 1 ? text : text.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** One line, whatever the value holds. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return '-'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return makePrintableLine(text)
}
