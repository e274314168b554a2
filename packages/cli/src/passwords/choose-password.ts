import { text } from 'node:stream/consumers'
import { newPasswordSchema } from '@omni2/contracts'
import { makePassword } from '@omni2/passwords'
import { makeUsageError, OperatorError } from '../operator-error.ts'
import { askSecret, canAsk } from './ask-secret.ts'

/** The password that an account gets. */
export interface ChosenPassword {
  readonly password: string
  /** It was generated here and must be shown once. */
  readonly isMade: boolean
}

interface PasswordSources {
  /** The variable that may hold it, and what it holds. */
  readonly variable: string
  readonly given: string | undefined
  readonly flags: { readonly [name: string]: string | boolean | undefined }
}

/** Where a command finds the new password of another user; OMNI2_PASSWORD is the caller's own. */
export const newPasswordVariable = 'OMNI2_NEW_PASSWORD'

/** Flags of every command that gives a password. */
export const passwordOptions = {
  generate: { type: 'boolean' },
  'password-stdin': { type: 'boolean' },
} as const

/** Their help text. */
export const passwordUsage = (variable: string): string =>
  `  --password-stdin    read the password from stdin\n` +
  `  --generate          make a password and print it, once\n` +
  `                      Without them it is taken from ${variable}, or asked for on a terminal; without\n` +
  `                      a terminal one is made. It needs 12 characters, and has at most 72 bytes.\n`

/**
 * The password of an account: made, from stdin, from the environment, or from the person at the terminal, where Enter
 * alone makes one. Throws an OperatorError where it cannot be used.
 */
export async function choosePassword(username: string, sources: PasswordSources): Promise<ChosenPassword> {
  const { flags, given, variable } = sources
  if (flags['generate'] === true && flags['password-stdin'] === true)
    throw makeUsageError('--generate and --password-stdin: only one of them')
  if (flags['generate'] === true) return { password: makePassword(), isMade: true }
  if (flags['password-stdin'] === true) return check(await readPassword(), 'the password on stdin')
  if (given) return check(given, variable)
  if (!canAsk()) return { password: makePassword(), isMade: true }
  return askPassword(username)
}

/** A line that shows a password that was made; none where the person gave it. */
export const describePassword = ({ password, isMade }: ChosenPassword): string[] =>
  isMade ? [`password: ${password}   (shown only now)`] : []

const readPassword = async (): Promise<string> => (await text(process.stdin)).replace(/\r?\n$/, '')

async function askPassword(username: string): Promise<ChosenPassword> {
  const password = await askSecret(`New password of ${username} (Enter alone makes one): `)
  if (password === '') return { password: makePassword(), isMade: true }
  const chosen = check(password, 'the password')
  if ((await askSecret('The same again: ')) === password) return chosen
  throw new OperatorError('the two passwords differ; nothing was changed')
}

function check(password: string, name: string): ChosenPassword {
  const checked = newPasswordSchema.safeParse(password)
  if (checked.success) return { password, isMade: false }
  throw new OperatorError(`${name}: ${checked.error.issues.map(({ message }) => message).join('; ')}`)
}
