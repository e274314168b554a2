import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('opened-process.ts', import.meta.url))

function startService(env: Record<string, string>) {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'], env })
  const output = createInterface(child.stdout)
  const lines: string[] = []
  output.on('line', (line) => lines.push(line))
  let errors = ''
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  const ended = once(child, 'close').then(([code]) => ({ code, lines, errors }))
  return { child, nextLine: () => once(output, 'line'), ended }
}

const ask = async (port: number, path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`)
  return { status: response.status, body: await response.text() }
}

test('service - serves readiness and metrics, is not ready once it stops, closes what it opened in reverse order', async () => {
  const { child, nextLine, ended } = startService({ HEALTH_PORT: '0', COLOUR: 'red' })
  const [opened] = (await nextLine()) as [string]
  expect(opened).toMatch(/^red \d+$/)
  const port = Number(opened.split(' ')[1])
  expect(await ask(port, '/readyz')).toEqual({
    status: 503,
    body: expect.stringContaining('{"paint":"not yet"}'),
  })
  expect((await ask(port, '/metrics')).body).toContain('omni2_test_turns_total 2')
  const painted = nextLine()
  child.kill('SIGUSR2')
  await painted
  expect(await ask(port, '/readyz')).toMatchObject({ status: 200 })
  child.kill('SIGTERM')
  const { code, lines } = await ended
  expect({ code, lines }).toEqual({
    code: 0,
    lines: [opened, 'painted', 'stopping, ready false', 'watchdog closes, health server closed'],
  })
})

test('service - that cannot open its health server closes what is open and ends with the reason', async () => {
  await using taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  taken.on('connection', (socket) => socket.destroy())
  const { code, lines, errors } = await startService({ HEALTH_PORT: String(port), COLOUR: 'red' }).ended
  expect({ code, lines }).toEqual({ code: 1, lines: ['watchdog closes, health server closed'] })
  expect(errors).toContain('EADDRINUSE')
})

test('service - with bad configuration ends with 78 and names the variable', async () => {
  const { code, errors } = await startService({ HEALTH_PORT: '0' }).ended
  expect({ code, errors }).toEqual({ code: 78, errors: expect.stringContaining('COLOUR') })
})
