import type { Pool, PoolClient } from 'pg'
import { isReadOnly, isSessionStale } from './classify-error.ts'
import { requireWritable } from './require-writable.ts'

/**
 * Ends sessions of a pool that must not be used again: a session that failed because of its node, such as a standby, and
 * one whose last statement has no answer yet. Where one can only read, the idle sessions end too.
 */
export function discardSessions(pool: Pool): void {
  const stale = new WeakSet<PoolClient>()
  pool.on('connect', (client) =>
    onFailure(client, (error) => {
      if (isSessionStale(error)) stale.add(client)
      if (isReadOnly(error)) discardIdle(pool)
    }),
  )
  pool.on('release', (_error, client) => {
    const owesAnswer = 'readyForQuery' in client && client.readyForQuery === false
    if (owesAnswer || stale.has(client)) void client.end()
  })
}

/** Asks whether a session of the pool can write now; throws where it cannot, and then no idle session is left. */
export async function probeSession(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await requireWritable(client)
    client.release()
  } catch (error) {
    client.release(true)
    discardIdle(pool)
    throw error
  }
}

function discardIdle(pool: Pool): void {
  for (let left = pool.idleCount; left > 0; left -= 1)
    pool.connect().then(
      (client) => client.release(true),
      () => {},
    )
}

/** Calls back with the error of each failed statement of a connection. pg declares a dozen ways to call it; a pool's callers use this one. */
function onFailure(client: PoolClient, hear: (error: unknown) => void): void {
  const query = client.query.bind(client)
  const run = async (text: unknown, values: unknown) => {
    try {
      return await Reflect.apply(query, client, [text, values])
    } catch (error) {
      hear(error)
      throw error
    }
  }
  Object.assign(client, { query: run })
}
