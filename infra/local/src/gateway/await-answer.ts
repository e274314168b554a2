import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

export interface UpstreamAnswer {
  readonly response: IncomingMessage
  /** Only after a 101: the connection, and the bytes that came with the answer's head. */
  readonly switched?: { readonly connection: Duplex; readonly head: Buffer }
}

/** An upstream's answer; rejects when none comes or its connection ends first, and gives up once the signal is aborted. */
export async function awaitAnswer(asking: ClientRequest, signal: AbortSignal): Promise<UpstreamAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>()
  asking.once('response', (response) => resolve({ response }))
  asking.once('upgrade', (response, connection, head) =>
    resolve({ response, switched: { connection, head } }),
  )
  // `on` and not `once`: a request that is given up later fails too.
  asking.on('error', reject)
  // A connection that ends in another protocol ends without an error.
  asking.once('close', () => reject(new Error('the connection ended without an answer')))
  const giveUp = () => asking.destroy(new Error('given up', { cause: signal.reason }))
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
