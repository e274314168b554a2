import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { bundleOf, type Program, programs } from '@omni2/bundles'

/** Where the services of a run find their compiled code; Node writes it only where a process ends by itself. */
export const compileCacheOf = (runFolder: string): string => join(runFolder, 'compile-cache')

/** Compiles every program once, so that those which tests start and kill need not: without configuration, or with `--help`, each ends at once. */
export async function compileServices(runFolder: string): Promise<void> {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCacheOf(runFolder) }
  const compile = (program: Program) =>
    once(spawn(process.execPath, [bundleOf(program), '--help'], { env, stdio: 'ignore' }), 'exit')
  await Promise.all(programs.map(compile))
}
