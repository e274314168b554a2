import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { withPort } from './with-port.ts'

test('free port that another program takes - is replaced by another port', async () => {
  const thief = createServer()
  const tried: number[] = []
  const started = await withPort(undefined, async (port) => {
    tried.push(port)
    if (tried.length > 1) return port
    await once(thief.listen(port, '127.0.0.1'), 'listening')
    throw new Error('address in use')
  })
  thief.close()
  expect(tried).toHaveLength(2)
  expect(started).not.toBe(tried[0])
})

test('failure on a port that is still free - is not tried again', async () => {
  const tried: number[] = []
  const starting = withPort(undefined, async (port) => {
    tried.push(port)
    throw new Error('broken')
  })
  await expect(starting).rejects.toThrow('broken')
  expect(tried).toHaveLength(1)
})
