import { hashSync } from 'bcryptjs'
import { expect, test } from 'vitest'
import { PasswordChecker } from './password-checker.ts'

const [here, there] = ['203.0.113.1', '198.51.100.1']
const hash = hashSync('correct horse', 4)

test('accepts a right password and refuses a wrong one, in every version of bcrypt’s prefix', async () => {
  await using passwords = new PasswordChecker({ queue: 10, cost: 4 })
  for (const version of ['2a', '2b', '2y']) {
    const versioned = hash.replace('2b', version)
    expect(await passwords.matches('correct horse', versioned, here)).toBe(true)
    expect(await passwords.matches('wrong horse', versioned, here)).toBe(false)
  }
})

test('says no without a hash, and with one it cannot read', async () => {
  await using passwords = new PasswordChecker({ queue: 10, cost: 4 })
  const unreadable = ['', 'plain text', hash.slice(0, 59), hash.replace('$04$', '$99$'), 'x'.repeat(60)]
  for (const stored of [null, ...unreadable]) {
    expect(await passwords.matches('correct horse', stored, here)).toBe(false)
  }
})

test('compares the first 72 bytes of a long password, as bcrypt does', async () => {
  await using passwords = new PasswordChecker({ queue: 10, cost: 4 })
  const long = 'ü'.repeat(500)
  expect(await passwords.matches(long, hashSync(long, 4), here)).toBe(true)
  expect(await passwords.matches(`x${long}`, hashSync(long, 4), here)).toBe(false)
})

test('refuses at once what its queue cannot hold, and still checks the rest', async () => {
  await using passwords = new PasswordChecker({ queue: 2, cost: 4 })
  const waiting = [
    passwords.matches('correct horse', hash, here),
    passwords.matches('wrong horse', hash, there),
  ]
  await expect(passwords.matches('a', hash, '192.0.2.1')).rejects.toMatchObject({
    code: 'busy',
    retryAfterMs: 1_000,
  })
  expect(await Promise.all(waiting)).toEqual([true, false])
  expect(await passwords.matches('correct horse', hash, here)).toBe(true)
})

test('gives an address a quarter of its queue, an IPv6 one with its /64', async () => {
  await using passwords = new PasswordChecker({ queue: 8, cost: 4 })
  const neighbours = ['2001:db8::1', '2001:db8::2', '2001:db8::3']
  for (const addresses of [[here, here, here], neighbours]) {
    const guesses = addresses.map((address) => passwords.matches('wrong horse', hash, address))
    expect((await Promise.allSettled(guesses)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ])
  }
  const [, , , neighbour] = await Promise.allSettled(
    [here, here, here, there].map((address) => passwords.matches('correct horse', hash, address)),
  )
  expect(neighbour).toEqual({ status: 'fulfilled', value: true })
})

test('makes a cheaper hash again at its cost, for the right password only', async () => {
  await using passwords = new PasswordChecker({ queue: 10, cost: 5 })
  const renewed: string[] = []
  const keep = (made: string) => void renewed.push(made)
  expect(await passwords.matches('wrong horse', hash, here, keep)).toBe(false)
  expect(renewed).toEqual([])
  expect(await passwords.matches('correct horse', hash, here, keep)).toBe(true)
  expect(renewed).toEqual([expect.stringMatching(/^\$2b\$05\$/)])
  expect(await passwords.matches('correct horse', renewed[0] ?? '', here, keep)).toBe(true)
  expect(renewed).toHaveLength(1)
})
