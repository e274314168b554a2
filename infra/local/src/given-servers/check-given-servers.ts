import { findBusProblems } from '@omni2/bus'
import { OperatorError } from '@omni2/cli/operator-error'
import type { StartConfig } from '../options/start-config.ts'
import type { Progress } from '../output/progress.ts'
import { findPostgresProblems } from './find-postgres-problems.ts'
import { findRedisProblems } from './find-redis-problems.ts'

type Given = Pick<
  StartConfig,
  'DATABASE_URL' | 'DATABASE_SERVICE_URL' | 'NATS_URL' | 'NATS_STREAM_REPLICAS' | 'REDIS_URL'
>

/** Finds what differs from what is needed in the given servers: one line each, with what to do. Asks all in parallel. */
export async function findServerProblems(given: Given): Promise<string[]> {
  const { DATABASE_URL, DATABASE_SERVICE_URL, NATS_URL, NATS_STREAM_REPLICAS, REDIS_URL } = given
  const problems = await Promise.all([
    DATABASE_URL === undefined ? [] : findPostgresProblems(DATABASE_URL, DATABASE_SERVICE_URL),
    NATS_URL === undefined ? [] : findBusProblems(NATS_URL, { replicas: NATS_STREAM_REPLICAS }),
    REDIS_URL === undefined ? [] : findRedisProblems(REDIS_URL),
  ])
  return problems.flat()
}

/** Throws one error with every problem of the servers that were given, before anything on them is changed. */
export async function checkGivenServers(
  given: Given,
  { progress }: { progress: Pick<Progress, 'say'> },
): Promise<void> {
  if ([given.DATABASE_URL, given.NATS_URL, given.REDIS_URL].every((url) => url === undefined)) return
  progress.say('checking the given servers')
  const problems = await findServerProblems(given)
  if (problems.length > 0)
    throw new OperatorError(
      ['the given servers cannot be used:', ...problems.map((problem) => `  ${problem}`)].join('\n'),
    )
}
