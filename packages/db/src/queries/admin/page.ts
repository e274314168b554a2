/** What a page begins after, and how many rows it holds at most. */
export interface Page<Cursor> {
  readonly after: Cursor | undefined
  readonly limit: number
}

/** A search text as an `ilike` pattern: its own wildcards mean themselves. */
export const patternOf = (search: string): string => `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`
