import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

/** A clean environment: a machine's own DATABASE_URL must not reach these tests. */
const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env
const bareEnv = { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE }

/** Runs a command in the clone to its end, with nothing on stdin. */
export async function finishProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...bareEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code: child.exitCode, stdout, stderr }
}
