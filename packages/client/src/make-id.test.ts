import { afterEach, expect, test, vi } from 'vitest'
import { makeId } from './make-id.ts'

afterEach(() => vi.unstubAllGlobals())

test('an id is a UUID of its own, also where a page is not served securely', () => {
  const getRandomValues = crypto.getRandomValues.bind(crypto)
  vi.stubGlobal('crypto', { getRandomValues })
  const ids = Array.from({ length: 200 }, makeId)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(200)
})
