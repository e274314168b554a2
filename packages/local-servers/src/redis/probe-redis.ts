import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

const answerDeadlineMs = 2000

/** Resolves when the Redis at the URL accepts its credentials and answers PING. */
export const probeRedis = (url: string): Promise<void> => askRedis(url, [['PING']])

/** Resolves when the Redis at the URL accepts its credentials and does each command; their answers are of one line. */
export async function askRedis(url: string, commands: readonly (readonly string[])[]): Promise<void> {
  const { username, password } = new URL(url)
  const socket = openSocket(new URL(url))
  try {
    if (password)
      socket.write(
        encodeCommand(['AUTH', decodeURIComponent(username) || 'default', decodeURIComponent(password)]),
      )
    for (const command of commands) socket.write(encodeCommand(command))
    const answers = await readLines(socket, commands.length + (password ? 1 : 0))
    const refusal = answers.find((line) => line.startsWith('-'))
    if (refusal !== undefined) throw new Error(`Redis says ${refusal.slice(1)}`)
  } finally {
    socket.destroy()
  }
}

function openSocket({ protocol, hostname, port }: URL): Socket {
  const address = { host: hostname, port: Number(port) || 6379 }
  return protocol === 'rediss:' ? connectTls({ ...address, servername: hostname }) : createConnection(address)
}

async function readLines(socket: Socket, count: number): Promise<string[]> {
  const signal = AbortSignal.timeout(answerDeadlineMs)
  let received = ''
  while (received.split('\r\n').length <= count) {
    const [data]: unknown[] = await once(socket, 'data', { signal })
    received += String(data)
  }
  return received.split('\r\n')
}

function encodeCommand(words: readonly string[]): string {
  const encoded = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return `*${words.length}\r\n${encoded.join('')}`
}
