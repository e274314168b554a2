import { hasSchema, openDatabase, type Database } from '@omni2/db'
import { describeFailure } from '@omni2/migrations'
import { BcryptThread } from '@omni2/passwords'
import { listOfWords, readConfig, type Environment } from '@omni2/service-kit'
import { z } from 'zod'
import { OperatorError } from '../operator-error.ts'
import { address } from '../options/address.ts'
import { makePrintable, makePrintableJson } from '../output/make-printable.ts'
import { choosePassword, describePassword, type ChosenPassword } from '../passwords/choose-password.ts'
import {
  makeAdministrator,
  refuseSecondAdministrator,
  type MadeAdministrator,
  type WantedAdministrator,
} from './make-administrator.ts'
import { bootstrapUsage, readBootstrapOptions } from './read-bootstrap-options.ts'

const schema = z.object({
  DATABASE_URL: address('postgres:', 'postgresql:').optional(),
  /** As the console reads it. */
  ADMIN_ROLES: listOfWords.default(['admin', 'super_admin']),
  OMNI2_PASSWORD: z.string().optional(),
})

/** Makes the first administrator of a database that is migrated; resolves to the exit code. */
export async function bootstrap(args: readonly string[], { env }: { env: Environment }): Promise<number> {
  const options = readBootstrapOptions(args)
  if (options === 'help') return print(bootstrapUsage)
  const { DATABASE_URL: url, ADMIN_ROLES: adminRoles, OMNI2_PASSWORD: given } = readConfig(schema, env)
  if (url === undefined)
    throw new OperatorError('DATABASE_URL: is needed, such as postgres://user:password@host:5432/database')
  const choose = () => choosePassword(options.username, { ...options, given, variable: 'OMNI2_PASSWORD' })
  const { made, chosen } = await withDatabase(url, (database) =>
    makeWith(choose, { ...options, adminRoles }, database),
  )
  return print(options.json ? formatJson(made, chosen) : formatLines(made, chosen))
}

/** Asks for a password only where it is of use. */
async function makeWith(
  choose: () => Promise<ChosenPassword>,
  wanted: WantedAdministrator,
  database: Pick<Database, 'db'>,
) {
  if (!(await hasSchema(database)))
    throw new OperatorError('the database is not migrated; run first: npm run migrate -- up')
  await refuseSecondAdministrator(wanted, database)
  const chosen = await choose()
  await using bcrypt = new BcryptThread()
  const passwordHash = await bcrypt.hash(chosen.password)
  return { made: await makeAdministrator({ ...wanted, passwordHash }, database), chosen }
}

async function withDatabase<T>(url: string, run: (database: Database) => Promise<T>): Promise<T> {
  await using database = openDatabase({
    url,
    poolMax: 1,
    applicationName: 'omni2-bootstrap',
    statementTimeoutMs: 10_000,
    onPoolError: () => {},
  })
  try {
    return await run(database)
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause
    throw new OperatorError(describeFailure(cause, url), { cause })
  }
}

function formatLines(made: MadeAdministrator, chosen: ChosenPassword): string {
  const { id, username, role, roles_made, is_new } = made
  const lines = [
    ...(roles_made.length > 0 ? [`made the roles ${roles_made.join(', ')}`] : []),
    `${username} ${is_new ? 'is an administrator' : 'is an administrator with a new password'} (user ${id}, role ${role})`,
    ...describePassword(chosen),
  ]
  return lines.map((line) => `${makePrintable(line)}\n`).join('')
}

const formatJson = (made: MadeAdministrator, { password, isMade }: ChosenPassword): string =>
  `${makePrintableJson({ ...made, ...(isMade ? { password } : {}) })}\n`

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
