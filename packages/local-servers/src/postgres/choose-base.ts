import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { exists } from '../process/exists.ts'
import { type Account, canEnter } from './postgres-account.ts'

/** Root's folder for what the unprivileged account must reach. */
export const systemFolder = '/var/lib/omni2-chat'

interface Wish {
  readonly dataDir: string
  readonly hashSeed?: string | undefined
}

/** The folder for cluster, password and log: the data folder, or one of its own under /var/lib with a note. */
export async function chooseBase(
  { dataDir, hashSeed = dataDir }: Wish,
  { account }: { account: Account | undefined },
): Promise<{ base: string; notes: string[] }> {
  if (!account || (await canEnter(await nearestExisting(dataDir), account)))
    return { base: dataDir, notes: [] }
  const hash = createHash('sha256').update(hashSeed).digest('hex').slice(0, 12)
  const base = join(systemFolder, hash)
  return { base, notes: [`Postgres keeps its data in ${base}: its own account cannot enter ${dataDir}`] }
}

async function nearestExisting(folder: string): Promise<string> {
  return (await exists(folder)) ? folder : nearestExisting(dirname(folder))
}
