import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { natsUsers } from '@omni2/contracts'
import { findServer } from '@omni2/local-servers'
import { findFreePort } from '@omni2/testkit'
import { makeComposeNatsConfig, passwordVariable } from '../src/compose/make-compose-nats-config.ts'
import { makeTestFolder, root } from './run-command.ts'

test('compose - the committed nats-server config - is the one of the contracts', async () => {
  const committed = await readFile(join(root, 'infra/nats/nats-server.conf'), 'utf8')
  // To mend it: node infra/local/src/compose/write-nats-config.ts
  expect(committed).toBe(makeComposeNatsConfig())
})

test('compose - every NATS user - has a variable in docker-compose.yml and .env.example', async () => {
  const compose = await readFile(join(root, 'docker-compose.yml'), 'utf8')
  const example = await readFile(join(root, '.env.example'), 'utf8')
  for (const user of natsUsers) {
    expect(compose).toContain(`${passwordVariable(user)}: \${${passwordVariable(user)}:?`)
    expect(example).toContain(`${passwordVariable(user)}=`)
  }
})

test('compose - nats-server with passwords from the environment - lets in who knows them', async () => {
  await using folder = await makeTestFolder()
  await mkdir(folder.path, { recursive: true })
  const [port, monitorPort] = [await findFreePort(), await findFreePort()]
  const file = join(folder.path, 'nats-server.conf')
  const config = makeComposeNatsConfig()
    .replace('"0.0.0.0:4222"', `"127.0.0.1:${port}"`)
    .replace('"127.0.0.1:8222"', `"127.0.0.1:${monitorPort}"`)
    .replace('"/data"', JSON.stringify(join(folder.path, 'data')))
  await writeFile(file, config)
  const passwords = natsUsers.map((user) => [passwordVariable(user), `p-${user}`])
  const server = await startNatsServer(file, Object.fromEntries(passwords) as Record<string, string>)
  try {
    expect(await logInTo(port, 'ws-edge', 'p-ws-edge')).toBe('PONG')
    expect(await logInTo(port, 'ws-edge', 'p-console')).toBe("-ERR 'Authorization Violation'")
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
})

async function startNatsServer(file: string, env: Record<string, string>) {
  const found = await findServer('nats-server', { log: () => {} })
  if (found.source === 'container')
    throw new Error('this test needs nats-server on the PATH: apt-get install nats-server')
  const server = spawn(found.command, ['-c', file], {
    env: { ...env, PATH: process.env['PATH'] },
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
