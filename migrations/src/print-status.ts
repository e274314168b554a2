import type { MigrationStatus } from './migration-status.ts'

/** The table of `status`: one line a migration, columns aligned. */
export function printStatus(rows: readonly MigrationStatus[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length))
  const lines = rows.map(({ name, state, appliedAt }) =>
    [name.padEnd(width), state.padEnd('incomplete'.length), appliedAt?.toISOString() ?? '']
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}
