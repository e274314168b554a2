import type { PoolClient } from 'pg'

/**
 * Has a connection prepare the statements it runs, so that Postgres plans each of them once and not each time. `names` is
 * shared by a pool and never grows above `most`: statements beyond it run as they come.
 */
export function prepareStatements(client: PoolClient, names: Map<string, string>, most: number): void {
  const query = client.query.bind(client)
  const run = (text: unknown, values: unknown) => {
    const name = isStatement(text, values) ? nameStatement(text, names, most) : undefined
    if (name === undefined) return Reflect.apply(query, client, [text, values])
    return Reflect.apply(query, client, [{ name, text, values }])
  }
  // pg declares a dozen ways to call it; the pool's only caller uses these two.
  Object.assign(client, { query: run })
}

/** What has no parameters is a word or two and costs no planning. */
const isStatement = (text: unknown, values: unknown): text is string =>
  typeof text === 'string' && Array.isArray(values) && values.length > 0

function nameStatement(text: string, names: Map<string, string>, most: number): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= most) return known
  const name = `s${names.size + 1}`
  names.set(text, name)
  return name
}
