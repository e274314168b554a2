import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { OperatorError } from '@omni2/cli/operator-error'
import { areBuilt, buildProgram } from '@omni2/pages'
import type { Progress } from './output/progress.ts'

/** Builds the pages of the console where their sources have changed since the last time. */
export async function buildPages({ progress }: { readonly progress: Progress }): Promise<void> {
  if (await areBuilt()) return
  await progress.step('pages (built once, some seconds)', async () => {
    const build = spawn(process.execPath, [buildProgram], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [complaint, [code]] = await Promise.all([text(build.stderr), once(build, 'exit')])
    if (code !== 0) throw new OperatorError(`the pages cannot be built:\n${complaint}`)
  })
}
