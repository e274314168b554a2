import { makeUsageError } from '../operator-error.ts'

/** Options that hold a secret: recognised, so that the error says what to do instead. */
export const refusedOptions = { password: { type: 'string' } } as const

/** Throws a usage error for a password on the command line, where every process of the machine can read it. */
export function refuseSecretArguments(
  { password }: { password?: string | undefined },
  variable = 'OMNI2_PASSWORD',
): void {
  if (password === undefined) return
  throw makeUsageError(
    `--password: a command line can be read by others; set ${variable}, or leave it out to be asked for it`,
  )
}
