import { expect, test } from 'vitest'
import { findFreePort, startService } from '../src/index.ts'

const entry = new URL('example-service.ts', import.meta.url)

async function startExample(MODE: string) {
  const port = await findFreePort()
  const readyUrl = `http://127.0.0.1:${port}/readyz`
  return startService({ name: 'example', entry, env: { PORT: String(port), MODE }, readyUrl })
}

test('service - has only the given environment, PATH and the compile cache, and stops at SIGTERM', async () => {
  await using service = await startExample('ready')
  expect(service.log.lines()).toContain('environment: NODE_COMPILE_CACHE PATH')
  expect(await service.stop()).toEqual({ code: 0, signal: null })
  expect(await service.log.waitFor(/asked/)).toBe('asked to stop')
})

test('service - is killed when disposed, without a word', async () => {
  const service = await startExample('ready')
  await service[Symbol.asyncDispose]()
  expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(service.log.lines()).not.toContain('asked to stop')
})

test('service that ends before it is ready - is an error with the end of its log', async () => {
  await expect(startExample('fail')).rejects.toThrow(/example ended[^]*cannot work like this/)
})

test('service that is slow - is awaited', async () => {
  const port = await findFreePort()
  await using service = await startService({ name: 'slow', entry, env: { PORT: String(port), MODE: 'slow' } })
  await service.log.waitFor(/listening/)
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503)
  service.kill('SIGUSR2')
  await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
})

test('kill - is reported by exited', async () => {
  await using service = await startExample('ready')
  service.kill('SIGKILL')
  expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test('line that never comes - is an error when the process ends', async () => {
  await using service = await startExample('ready')
  const failure = service.log.waitFor(/never printed/).catch(String)
  await service.stop()
  expect(await failure).toMatch(/without printing .*never[^]*listening/)
})
