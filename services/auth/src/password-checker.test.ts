import { hashSync } from 'bcryptjs'
import { expect, test } from 'vitest'
import { PasswordChecker } from './password-checker.ts'

const hash = hashSync('correct horse', 4)

test('tells a right password from a wrong one, in every version of bcrypt’s prefix', async () => {
  await using passwords = new PasswordChecker({ queue: 10, dummyCost: 4 })
  for (const version of ['2a', '2b', '2y']) {
    const versioned = hash.replace('2b', version)
    expect(await passwords.matches('correct horse', versioned)).toBe(true)
    expect(await passwords.matches('wrong horse', versioned)).toBe(false)
  }
})

test('says no without a hash, and with one it cannot read', async () => {
  await using passwords = new PasswordChecker({ queue: 10, dummyCost: 4 })
  const unreadable = ['', 'plain text', hash.slice(0, 59), hash.replace('$04$', '$99$'), 'x'.repeat(60)]
  for (const stored of [null, ...unreadable]) {
    expect(await passwords.matches('correct horse', stored)).toBe(false)
  }
})

test('compares the first 72 bytes of a long password, as bcrypt does', async () => {
  await using passwords = new PasswordChecker({ queue: 10, dummyCost: 4 })
  const long = 'ü'.repeat(500)
  expect(await passwords.matches(long, hashSync(long, 4))).toBe(true)
  expect(await passwords.matches(`x${long}`, hashSync(long, 4))).toBe(false)
})

test('refuses at once what its queue cannot hold, and goes on', async () => {
  await using passwords = new PasswordChecker({ queue: 2, dummyCost: 4 })
  const waiting = [passwords.matches('correct horse', hash), passwords.matches('wrong horse', hash)]
  await expect(passwords.matches('a', hash)).rejects.toMatchObject({ code: 'busy', retryAfterMs: 1_000 })
  expect(await Promise.all(waiting)).toEqual([true, false])
  expect(await passwords.matches('correct horse', hash)).toBe(true)
})
