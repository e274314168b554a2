import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where packages put servers that an ordinary user's PATH leaves out. */
const otherFolders = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin']

export interface FoundBinary {
  readonly command: string
  /** What it prints for `--version`, first line. */
  readonly version: string
}

/** The first of the named programs that runs, from the PATH or a usual folder outside it. */
export async function findBinary(names: readonly string[]): Promise<FoundBinary | undefined> {
  const commands = names.flatMap((name) => [name, ...otherFolders.map((folder) => `${folder}/${name}`)])
  for (const command of commands) {
    const version = await readVersion(command)
    if (version !== undefined) return { command, version }
  }
  return undefined
}

/** What a program prints for `--version`; undefined when it is not there or does not run. */
export async function readVersion(command: string): Promise<string | undefined> {
  return run(command, ['--version'], { timeout: 10_000 }).then(
    (done) => done.stdout.trim().split('\n')[0] ?? '',
    () => undefined,
  )
}
