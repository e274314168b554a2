import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { natsUsers } from '@omni2/contracts'
import { findServer } from '@omni2/local-servers'
import { findFreePort } from '@omni2/testkit'
import { makeComposeNatsConfig } from '../src/compose/make-compose-nats-config.ts'
import { makeTestFolder, root } from './run-command.ts'

test('compose - the committed nats-server config - is the one of the contracts', async () => {
  const committed = await readFile(join(root, 'infra/nats/nats-server.conf'), 'utf8')
  // To correct it: npm run generate
  expect(committed).toBe(makeComposeNatsConfig())
})

test('compose - nats-server with the passwords that make-secrets writes - accepts them', async () => {
  await using folder = await makeTestFolder()
  await mkdir(folder.path, { recursive: true })
  await runScript(join(root, 'infra/make-secrets.sh'), ['--demo', folder.path])
  await rename(join(folder.path, 'nats-passwords.conf'), join(folder.path, 'passwords.conf'))
  const [port, monitorPort] = [await findFreePort(), await findFreePort()]
  const file = join(folder.path, 'nats-server.conf')
  const config = makeComposeNatsConfig()
    .replace('"0.0.0.0:4222"', `"127.0.0.1:${port}"`)
    .replace('"127.0.0.1:8222"', `"127.0.0.1:${monitorPort}"`)
    .replace('"/data"', JSON.stringify(join(folder.path, 'data')))
    // Servers before 2.10 refuse it.
    .replace('sync_interval: always', '')
  await writeFile(file, config)
  const server = await startNatsServer(file)
  try {
    for (const user of natsUsers.filter((name) => name !== 'migrate')) {
      const { username, password } = new URL(await readFile(join(folder.path, `nats-url-${user}`), 'utf8'))
      expect(await logInTo(port, username, password)).toBe('PONG')
      expect(await logInTo(port, 'migrate', password)).toBe("-ERR 'Authorization Violation'")
    }
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
})

test('compose - the committed nats-server config - writes to the disk before it acknowledges', async () => {
  expect(await readFile(join(root, 'infra/nats/nats-server.conf'), 'utf8')).toContain(
    '  sync_interval: always\n',
  )
})

async function runScript(file: string, args: string[]): Promise<void> {
  const child = spawn(file, args, { stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(0)
}

async function startNatsServer(file: string) {
  const found = await findServer('nats-server', { log: () => {} })
  if (found.source === 'container')
    throw new Error('this test needs nats-server on the PATH: apt-get install nats-server')
  const server = spawn(found.command, ['-c', file], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  while (!log.includes('Server is ready')) {
    await Promise.race([once(server.stderr, 'data'), once(server, 'exit')])
    if (server.exitCode !== null) throw new Error(log)
  }
  return server
}

/** Speaks the protocol's first words and returns the server's answer to them. */
async function logInTo(port: number, user: string, pass: string): Promise<string> {
  const socket = createConnection({ host: '127.0.0.1', port })
  socket.setEncoding('utf8')
  await once(socket, 'data')
  socket.write(`CONNECT ${JSON.stringify({ user, pass, verbose: false })}\r\nPING\r\n`)
  const [answer] = (await once(socket, 'data')) as [string]
  socket.destroy()
  return answer.trim().split('\r\n')[0] ?? ''
}
