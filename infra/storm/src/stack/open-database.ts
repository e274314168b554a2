import { Client } from 'pg'

/** A connection to the stack's Postgres, as its owner; closed when disposed. */
export async function openDatabase(url: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString: url })
  // A lost connection fails the next query.
  client.on('error', () => {})
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}
