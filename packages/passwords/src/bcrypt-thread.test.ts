import { compareSync } from 'bcryptjs'
import { expect, test } from 'vitest'
import { BcryptThread } from './bcrypt-thread.ts'
import { makePassword } from './make-password.ts'

test('makes hashes that compare, in the order of the questions', async () => {
  await using bcrypt = new BcryptThread()
  const passwords = [makePassword(), makePassword()]
  const asked = passwords.map((password) => bcrypt.hash(password, 4))
  expect(bcrypt.waiting).toBe(2)
  const hashes = await Promise.all(asked)
  expect(bcrypt.waiting).toBe(0)
  for (const [index, hash] of hashes.entries()) {
    expect(hash).toMatch(/^\$2b\$04\$/)
    expect(compareSync(passwords[index] ?? '', hash)).toBe(true)
    const compared = await bcrypt.compare({ password: passwords[0] ?? '', hash, cost: 4, renewalCost: 4 })
    expect(compared.matches).toBe(index === 0)
  }
})

test('leaves the event loop free while it computes', async () => {
  await using bcrypt = new BcryptThread()
  let turns = 0
  const ticking = setInterval(() => (turns += 1), 1)
  await bcrypt.hash('correct horse battery', 10)
  clearInterval(ticking)
  expect(turns).toBeGreaterThan(1)
})
