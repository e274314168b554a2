import { openTestDatabase } from '@omni2/testkit'
import { type Database, openDatabase } from '../src/index.ts'

/** A separate migrated database behind the pool under test. */
export async function openMigratedDatabase(): Promise<Database> {
  await using stack = new AsyncDisposableStack()
  const { url } = stack.use(await openTestDatabase())
  const database = stack.use(
    openDatabase({
      url,
      poolMax: 2,
      applicationName: 'test',
      statementTimeoutMs: 5_000,
      onPoolError: (error) => {
        throw error
      },
    }),
  )
  const kept = stack.move()
  return { ...database, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
