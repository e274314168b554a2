import { expect, test } from 'vitest'
import { newEmailSchema, newPasswordSchema, newRoleNameSchema, newUsernameSchema } from './accounts.ts'

const messagesOf = (schema: typeof newUsernameSchema, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ message }) => message)

test.each(['ada', 'Ada.Lovelace', 'ada@example.org', 'ädä', '日本', '7of9', 'a'.repeat(100)])(
  '%j is a name for an account',
  (name) => expect(newUsernameSchema.parse(name)).toBe(name),
)

test.each([
  ['', 'must begin with a letter or digit'],
  ['-force', 'must begin with a letter or digit'],
  ['a b', 'must begin with a letter or digit'],
  ['a\u202Eb', 'must begin with a letter or digit'],
  ['a\n', 'must begin with a letter or digit'],
  ['a/b', 'must begin with a letter or digit'],
  ['42', 'must not be a number'],
  ['deleted-4', 'is a name that deleted accounts get'],
  ['a'.repeat(101), 'Too big'],
])('%j is no name for an account', (name, message) => {
  expect(messagesOf(newUsernameSchema, name)?.join()).toContain(message)
})

test('a password has 12 characters or more, and no more bytes than bcrypt reads', () => {
  for (const password of ['x'.repeat(12), 'x'.repeat(72), 'ü'.repeat(36), 'pass word with 🔑'])
    expect(newPasswordSchema.parse(password)).toBe(password)
  expect(messagesOf(newPasswordSchema, 'x'.repeat(11))).toEqual(['must have 12 characters or more'])
  const tooLong = ['must have 72 bytes or fewer in UTF-8: bcrypt reads no more of it']
  for (const password of ['x'.repeat(73), 'ü'.repeat(37)])
    expect(messagesOf(newPasswordSchema, password)).toEqual(tooLong)
  expect(messagesOf(newPasswordSchema, `${'x'.repeat(12)}\0`)).toEqual(['must not contain NUL'])
})

test('names of roles can stand in a list, and addresses are addresses', () => {
  expect(newRoleNameSchema.safeParse('team lead').success).toBe(true)
  for (const name of ['', 'a,b', 'a ', ' a', 'a\nb', 'a/b'])
    expect(newRoleNameSchema.safeParse(name).success).toBe(false)
  expect(newEmailSchema.safeParse('ada@example.org').success).toBe(true)
  for (const email of ['ada', 'a b@example.org', ''])
    expect(newEmailSchema.safeParse(email).success).toBe(false)
})
