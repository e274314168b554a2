import { once } from 'node:events'
import { createConnection } from 'node:net'

const answerDeadlineMs = 2000

/** Resolves when a nats-server greets on the address; with `jetStream`, when it also has JetStream running. */
export async function probeNats(host: string, port: number, { jetStream }: { jetStream: boolean }) {
  const socket = createConnection({ host, port })
  try {
    const signal = AbortSignal.timeout(answerDeadlineMs)
    const [greeting]: unknown[] = await once(socket, 'data', { signal })
    const text = String(greeting)
    if (!text.startsWith('INFO {')) throw new Error(`port ${port} does not speak NATS`)
    if (jetStream && !text.includes('"jetstream":true')) throw new Error('JetStream is not up')
  } finally {
    socket.destroy()
  }
}
