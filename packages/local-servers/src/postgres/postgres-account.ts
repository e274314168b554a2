import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** The unprivileged account that runs Postgres for root, which Postgres refuses to run as; undefined for others. */
export async function findAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all([readId('-u'), readId('-g')])
  return { uid, gid }
}

async function readId(option: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [option, 'nobody'])
  return Number(stdout)
}

/** Whether the account can enter a folder: tried for real, because modes, ACLs and mounts all decide. */
export function canEnter(folder: string, account: Account): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  )
}
