import { inject } from 'vitest'

/** The values that the run's global setup passes to every test file. */
export interface TestRun {
  /** Holds the data of every server and the records of every process of this run. */
  readonly folder: string
  /** A superuser's URL; its database is not used by tests. */
  readonly postgresUrl: string
  /** The migrated database that test databases are copied from. */
  readonly templateDatabase: string
  readonly redisUrl: string
  readonly nats: NatsChoice
}

export type NatsChoice =
  | { readonly from: 'given'; readonly url: string }
  | { readonly from: 'container' }
  | { readonly from: 'local' }

declare module 'vitest' {
  interface ProvidedContext {
    omni2TestRun: TestRun
  }
}

/** The run this test file belongs to. Throws when the global setup of `vitest.config.ts` is not in use. */
export function currentRun(): TestRun {
  const run = inject('omni2TestRun')
  if (run === undefined) throw new Error('run these tests with: vitest run --project servers')
  return run
}
