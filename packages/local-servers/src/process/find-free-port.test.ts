import { expect, test } from 'vitest'
import { findFreePort } from './find-free-port.ts'

test('a port is not given twice while its first owner may still be starting', async () => {
  const ports = await Promise.all(Array.from({ length: 500 }, () => findFreePort()))
  expect(new Set(ports).size).toBe(500)
})
