/** The settings of a test run in the environment. */
export interface TestSettings {
  readonly databaseUrl: string | undefined
  readonly natsUrl: string | undefined
  readonly redisUrl: string | undefined
  /** `containers` fails without a Docker engine, `local` never asks for one, absent = containers where one answers. */
  readonly servers: 'containers' | 'local' | undefined
}

/** Reads TEST_DATABASE_URL, TEST_NATS_URL, TEST_REDIS_URL and TEST_SERVERS; throws on another TEST_SERVERS. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): TestSettings {
  return {
    databaseUrl: env['TEST_DATABASE_URL'] || undefined,
    natsUrl: env['TEST_NATS_URL'] || undefined,
    redisUrl: env['TEST_REDIS_URL'] || undefined,
    servers: readServers(env['TEST_SERVERS'] || undefined),
  }
}

function readServers(value: string | undefined): TestSettings['servers'] {
  if (value === undefined || value === 'containers' || value === 'local') return value
  throw new Error(`TEST_SERVERS is "${value}"; it can be containers or local`)
}
