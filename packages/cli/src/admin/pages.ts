import { textOf, type CommandInput } from './command.ts'

/** The query for a page of a list: `--limit`, else `limit`, and where to go on, `--cursor`. */
export function makePageQuery(input: Pick<CommandInput, 'flags'>, limit: number): URLSearchParams {
  const query = new URLSearchParams({ limit: textOf(input, 'limit') ?? String(limit) })
  const cursor = textOf(input, 'cursor')
  if (cursor !== undefined) query.set('cursor', cursor)
  return query
}

/** The line that says how to go on with a list; none at its end. */
export const describeMore = (cursor: string | null): string[] =>
  cursor === null ? [] : [`more with --cursor ${cursor}`]
