import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Where the services of a run find their compiled code; Node writes it only where a process ends by itself. */
export const compileCacheOf = (runFolder: string): string => join(runFolder, 'compile-cache')

/** Compiles every service once, so that those which tests start and kill need not: without configuration each ends at once. */
export async function compileServices(runFolder: string): Promise<void> {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCacheOf(runFolder) }
  const entries = await Array.fromAsync(glob('services/*/src/main.ts', { cwd: root }))
  const compile = (entry: string) =>
    once(spawn(process.execPath, [join(root, entry)], { env, stdio: 'ignore' }), 'exit')
  await Promise.all(entries.map(compile))
}
