import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')
const bootstrap = join(root, 'infra/local/bootstrap.mjs')

/** A clean environment: a machine's own DATABASE_URL or model key must not reach these tests. */
const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env
export const bareEnv = { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE }

export interface Command extends AsyncDisposable {
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly said: { stdout: string; stderr: string }
  /** Resolves when it has printed more; rejects with everything said when it ends before. */
  moreOutput(): Promise<void>
  /** Resolves to the first whole line on stdout; rejects with everything said when it ends before. */
  firstLine(): Promise<string>
  /** Resolves to the exit code once it has ended and everything is read. */
  exitCode(): Promise<number | null>
}

interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly script?: string
}

/** Runs `npm start` and the like as npm does; a command that still runs when this is disposed is stopped. */
export function runCommand(
  args: readonly string[],
  { env = {}, script = bootstrap }: CommandOptions = {},
): Command {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...bareEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  const news = new EventEmitter()
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      news.emit('output')
    })
  const closed = once(child, 'close').then(() => news.emit('output'))
  const moreOutput = async () => {
    await once(news, 'output')
    if (child.stdout.closed) throw new Error(`it ended: ${said.stdout}${said.stderr}`)
  }
  const firstLine = async () => {
    while (!said.stdout.includes('\n')) await moreOutput()
    return said.stdout.slice(0, said.stdout.indexOf('\n'))
  }
  const exitCode = () => closed.then(() => child.exitCode)
  const end = async () => {
    child.kill('SIGTERM')
    await closed
  }
  return { child, said, moreOutput, firstLine, exitCode, [Symbol.asyncDispose]: end }
}

/** Runs a command to its end. */
export async function finishCommand(args: readonly string[], options: CommandOptions = {}) {
  await using command = runCommand(args, options)
  return { code: await command.exitCode(), ...command.said }
}

/** A data folder of its own that every account can pass through, so that Postgres keeps its data in it as well. */
export async function makeTestFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'omni2 local-'))
  await chmod(path, 0o711)
  return { path: join(path, 'data'), [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
