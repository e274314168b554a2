import { chmod, cp, lstat, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '../process/exists.ts'
import { makeFolder } from '../process/make-folder.ts'
import { systemFolder } from './choose-base.ts'
import type { EmbeddedPostgres } from './find-postgres.ts'

/**
 * Copies npm's Postgres to where the unprivileged account can read and run it, once per release.
 * The copy appears whole or not at all, however many starts make it at once.
 */
export async function placeBinaries({ folder, release }: EmbeddedPostgres): Promise<string> {
  const placed = join(systemFolder, `postgres-${release}`)
  if (await exists(placed)) return placed
  await makeFolder(systemFolder)
  const copy = await mkdtemp(join(systemFolder, 'copying-'))
  try {
    await cp(folder, copy, { recursive: true, verbatimSymlinks: true })
    await openToAll(copy)
    await rename(copy, placed)
  } catch (error) {
    await rm(copy, { recursive: true, force: true })
    if (!(await exists(placed))) throw error
  }
  return placed
}

/** The clone may have been made under a strict umask. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}
