import { parseArgs } from 'node:util'
import { newEmailSchema, newPersonNameSchema, newUsernameSchema } from '@omni2/contracts'
import { makeUsageError } from '../operator-error.ts'
import { refuseSecretArguments, refusedOptions } from '../options/refuse-secret-arguments.ts'
import { passwordOptions, passwordUsage } from '../passwords/choose-password.ts'

export interface BootstrapOptions {
  readonly username: string
  readonly email: string | null
  readonly name: string
  /** Although there is an administrator, and also for an account that exists. */
  readonly force: boolean
  readonly json: boolean
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
}

export const bootstrapUsage = `usage: npm run admin -- bootstrap <username> [options]

make the first administrator of a database, and the usual roles where it has none; needs only DATABASE_URL

  --email ADDRESS     can be typed at a login in place of the username
  --name NAME         for people (default: the username)
${passwordUsage('OMNI2_PASSWORD')}  --force             although there is an administrator; an account of this name that exists gets the
                      role, the password and is active again: the way in when every password is lost
  --json              print what was done as JSON
  --help              this text

In the compose deployment: docker compose run --rm bootstrap <username>
`

const options = {
  email: { type: 'string' },
  name: { type: 'string' },
  force: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  ...passwordOptions,
  ...refusedOptions,
} as const

/** What was typed after `bootstrap`. Throws a usage error. */
export function readBootstrapOptions(args: readonly string[]): BootstrapOptions | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  refuseSecretArguments(values)
  const [username, ...more] = positionals
  if (username === undefined || more.length > 0)
    throw makeUsageError('usage: npm run admin -- bootstrap <username> (--help lists the options)')
  refuseBad('username', newUsernameSchema.safeParse(username))
  if (values.email !== undefined) refuseBad('--email', newEmailSchema.safeParse(values.email))
  if (values.name !== undefined) refuseBad('--name', newPersonNameSchema.safeParse(values.name))
  const { email = null, name = username, force, json } = values
  return { username, email, name, force, json, flags: { ...values } }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const sentence = error instanceof Error ? error.message.split(/\.\s/)[0] : String(error)
    throw makeUsageError(`${sentence} (npm run admin -- bootstrap --help lists the options)`)
  }
}

function refuseBad(
  what: string,
  { error }: { readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined },
): void {
  if (error !== undefined)
    throw makeUsageError(`${what}: ${error.issues.map(({ message }) => message).join('; ')}`)
}
