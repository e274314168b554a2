import { OperatorError } from '@omni2/cli/operator-error'
import type { Progress } from './output/progress.ts'
import { migrateBus } from './streams/migrate-bus.ts'

/** Brings the streams up to date and reports the changes. */
export async function migrateStreams(
  natsUrl: string,
  { replicas, progress }: { replicas: number; progress: Progress },
): Promise<void> {
  await progress.step('streams', async (log) => {
    const changes = await migrateBus(natsUrl, { replicas }).catch((cause: Error) => {
      throw new OperatorError(cause.message, { cause })
    })
    for (const change of changes) log(change)
  })
}
