import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A SHA-256 of the names and contents of the files of a folder that match a pattern; tests do not count. */
export async function digestFiles(folder: string, patterns: readonly string[]): Promise<string> {
  const files = await Array.fromAsync(glob(patterns, { cwd: folder, withFileTypes: false }))
  const digest = createHash('sha256')
  for (const file of files.filter((name) => !/\.test\.tsx?$/.test(name)).toSorted())
    digest.update(`${file}\0`).update(await readFile(join(folder, file)))
  return digest.digest('hex')
}
