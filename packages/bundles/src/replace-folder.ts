import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Fills a folder beside the one at `path` and puts it in its place when it is whole: a reader never finds a part. */
export async function replaceFolder(path: string, fill: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const filled = await mkdtemp(`${path}.new-`)
  try {
    await fill(filled)
  } catch (error) {
    await rm(filled, { recursive: true })
    throw error
  }
  // Another user may run what this one has built; mkdtemp makes folders for its user alone.
  await chmod(filled, 0o755)
  const old = await mkdtemp(`${path}.old-`)
  await rename(path, join(old, basename(path))).catch(() => {})
  await rename(filled, path)
  await rm(old, { recursive: true })
}
