import { z } from 'zod'

/** bcrypt reads no more of a password; what follows would be no part of it. */
const mostPasswordBytes = 72
const fewestPasswordCharacters = 12

const encoder = new TextEncoder()

/** A new password of an account; existing passwords may be shorter. */
export const newPasswordSchema = z
  .string()
  .min(fewestPasswordCharacters, `must have ${fewestPasswordCharacters} characters or more`)
  .regex(/^[^\0]*$/, 'must not contain NUL')
  .refine(
    (password) => encoder.encode(password).length <= mostPasswordBytes,
    `must have ${mostPasswordBytes} bytes or fewer in UTF-8: bcrypt reads no more of it`,
  )
  .describe(`At most ${mostPasswordBytes} bytes in UTF-8.`)

/** The account of a user who was deleted has this name and the id of the account. */
export const deletedUsername = (userId: number): string => `deleted-${userId}`

/** The name of a new account. It is what is typed at a login and in commands, where a number means an id. */
export const newUsernameSchema = z
  .string()
  .max(100)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]*$/u,
    'must begin with a letter or digit, and have only letters, digits and . _ @ + - after it',
  )
  .regex(/\D/, 'must not be a number: commands would take it for an id')
  .regex(/^(?!deleted-\d+$)/, 'is a name that deleted accounts get')

/** What people call the owner of a new account. */
export const newPersonNameSchema = z
  .string()
  .min(1, 'must not be empty')
  .max(255)
  .regex(/^[^\0]*$/, 'must not contain NUL')

/** The e-mail address of a new account, as it is typed at a login. */
export const newEmailSchema = z.email('must be an e-mail address').max(255)

/** The name of a new role; commas separate roles in ADMIN_ROLES. */
export const newRoleNameSchema = z
  .string()
  .max(50)
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]*$/u,
    'must begin with a letter or digit, and have only letters, digits, spaces and . _ - after it',
  )
  .regex(/\S$/, 'must not end with a space')
