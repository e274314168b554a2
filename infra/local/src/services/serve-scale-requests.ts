import { readFile } from 'node:fs/promises'
import type { DataFolder } from '@omni2/cli/data-folder'
import { scaleRequestSchema } from '@omni2/cli/run-state'
import type { Claim } from '../data-folder/claim-data-folder.ts'
import type { Progress } from '../output/progress.ts'
import type { Fleet } from './fleet.ts'

interface ScaleDeps {
  readonly folder: Pick<DataFolder, 'scaleFile'>
  readonly claim: Pick<Claim, 'update'>
  readonly progress: Progress
  readonly stopping: AbortSignal
}

/** Serves the requests of `npm run scale` from its file, one after the other; SIGUSR2 announces one. */
export function serveScaleRequests(fleet: Pick<Fleet, 'scale' | 'counts'>, deps: ScaleDeps): void {
  let served = Promise.resolve()
  process.on('SIGUSR2', () => {
    served = served.then(() => serve(fleet, deps)).catch((error: unknown) => deps.progress.say(String(error)))
  })
}

async function serve(fleet: Pick<Fleet, 'scale' | 'counts'>, deps: ScaleDeps): Promise<void> {
  const { folder, claim, progress, stopping } = deps
  if (stopping.aborted) return
  const { id, ...wanted } = scaleRequestSchema.parse(JSON.parse(await readFile(folder.scaleFile, 'utf8')))
  const failure = await fleet.scale(wanted).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const { edges, workers, recorders } = fleet.counts
  progress.say(`scaled: ${edges} edges, ${workers} workers, ${recorders} recorders`)
  const scaled = failure === undefined ? { id } : { id, error: failure }
  await claim.update({ counts: fleet.counts, scaled })
}
