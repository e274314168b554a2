import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

const entry = join(import.meta.dirname, 'main.ts')

function start(...flags: string[]) {
  const child = spawn(process.execPath, [entry, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: NodeJS.Signals | null]>
  return { child, exited, lines: createInterface(child.stdout) }
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'prints where it listens, and %s ends it and its streams',
  async (signal) => {
    const { child, exited, lines } = start('--port', '0')
    const [line] = (await once(lines, 'line')) as [string]
    const { url, port, pid } = JSON.parse(line) as { url: string; port: number; pid: number }
    expect([url, pid]).toEqual([`http://127.0.0.1:${port}`, child.pid])
    const body = {
      model: 'm',
      max_tokens: 9,
      stream: true,
      messages: [{ role: 'user', content: '[[sim stall@0]]' }],
    }
    const stalled = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': 'any', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(body),
    })
    expect(stalled.status).toBe(200)
    child.kill(signal)
    await expect(stalled.text()).rejects.toThrow('terminated')
    expect(await exited).toEqual([0, null])
  },
)

test('a port in use is one line and a failure', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { child, exited } = start('--port', String((taken.address() as AddressInfo).port))
  const [errors, [code]] = await Promise.all([child.stderr.setEncoding('utf8').toArray(), exited])
  expect(code).toBe(1)
  expect(errors.join('')).toMatch(/^model-simulator: .*EADDRINUSE.*\n$/)
  taken.close()
})

test('--help explains the flags', async () => {
  const { child, exited } = start('--help')
  const [output, [code]] = await Promise.all([child.stdout.setEncoding('utf8').toArray(), exited])
  expect(code).toBe(0)
  expect(output.join('')).toContain('--first-token-ms')
})
