import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { areBundled, bundleProgram } from '@omni2/bundles'
import { OperatorError } from '@omni2/cli/operator-error'
import { areBuilt, buildProgram } from '@omni2/pages'
import type { Progress } from './output/progress.ts'

interface Reporting {
  readonly progress: Progress
}

/** Bundles the programs and builds the pages of the console, each where its sources have changed since the last time. */
export async function build({ progress }: Reporting): Promise<void> {
  if (!(await areBundled())) await runStep('programs', bundleProgram, { progress })
  if (!(await areBuilt())) await runStep('pages', buildProgram, { progress })
}

async function runStep(what: string, program: string, { progress }: Reporting): Promise<void> {
  await progress.step(`${what} (built once, some seconds)`, async () => {
    const building = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [complaint, [code]] = await Promise.all([text(building.stderr), once(building, 'exit')])
    if (code !== 0) throw new OperatorError(`the ${what} cannot be built:\n${complaint}`)
  })
}
