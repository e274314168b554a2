import type { NatsUser } from '@omni2/contracts'
import type { Environment } from '@omni2/service-kit'
import type { DataFolder } from '@omni2/cli/data-folder'
import type { Secrets } from '../data-folder/secrets.ts'
import type { StartConfig } from '../options/start-config.ts'
import type { Servers } from '../servers/open-servers.ts'

/** Where the servers are. */
export interface ServerUrls {
  readonly postgres: Pick<Servers['postgres'], 'url'>
  readonly nats: Pick<Servers['nats'], 'url'>
  readonly redis: Pick<NonNullable<Servers['redis']>, 'url'> | undefined
}

/** What every service's environment is made from. */
export interface Stack {
  readonly folder: DataFolder
  /** The environment with `.env`. */
  readonly env: Environment
  readonly config: StartConfig
  readonly secrets: Secrets
  readonly servers: ServerUrls
}

/** Longest orderly shutdown of a service started here, in milliseconds: a worker that stops lets its turns end first. */
const shutdownDeadlineMs = 25_000
/** Longest orderly shutdown of what works for no turn any more when it is stopped, in milliseconds. */
export const supportStopMs = 8000

/** Each service gets only its own addresses and keys. */
const privateNames = new Set([
  'DATABASE_URL',
  'DATABASE_SERVICE_URL',
  'NATS_URL',
  'REDIS_URL',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'AUTH_JWT_SECRET',
  'AUTH_SIGNING_KEY',
  'RESUME_TOKEN_SECRET',
  'INSTANCE_NAME',
  'HEALTH_HOST',
  'HEALTH_PORT',
])

/** The environment of one service: what was given and is no secret, then what is its own. */
export function makeServiceEnvironment(
  name: string,
  healthPort: number,
  own: Environment,
  { env, folder }: Pick<Stack, 'env' | 'folder'>,
): Environment {
  const shared = Object.entries(env).filter(([key]) => !privateNames.has(key.replace(/_FILE$/, '')))
  return {
    SHUTDOWN_DEADLINE_MS: String(shutdownDeadlineMs),
    NODE_COMPILE_CACHE: folder.compileCache,
    ...Object.fromEntries(shared),
    INSTANCE_NAME: name,
    HEALTH_PORT: String(healthPort),
    ...own,
  }
}

/** Defaults, each replaced by what the environment gives. */
export function chooseGiven(defaults: Readonly<Record<string, string>>, env: Environment): Environment {
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, env[name] ?? value]))
}

/** A secret: the one given (or its `_FILE`), else the data folder's. */
export function chooseSecret(name: string, made: string, env: Environment): Environment {
  if (env[`${name}_FILE`]) return { [`${name}_FILE`]: env[`${name}_FILE`] }
  return { [name]: env[name] ?? made }
}

/** Role of the services in a database that is started here. */
const databaseRole = 'omni2_service'

/** The database as services see it: through a role that owns nothing. A given one is used as DATABASE_SERVICE_URL says. */
export function serviceDatabaseUrl({ config, secrets, servers }: Omit<Stack, 'env' | 'folder'>): string {
  if (config.DATABASE_URL !== undefined) return config.DATABASE_SERVICE_URL ?? config.DATABASE_URL
  const url = new URL(servers.postgres.url)
  url.username = databaseRole
  url.password = secrets.databasePassword
  return url.href
}

/** The bus as this user sees it; a given bus is used with the credentials it was given with. */
export function natsUrlFor(
  user: NatsUser,
  { config, secrets, servers }: Omit<Stack, 'env' | 'folder'>,
): string {
  if (config.NATS_URL !== undefined) return config.NATS_URL
  const url = new URL(servers.nats.url)
  url.username = user
  url.password = secrets.natsPasswords[user]
  return url.href
}
