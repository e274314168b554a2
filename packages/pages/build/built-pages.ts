import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Where the built pages lie: `index.html`, and `assets/` with files that are named by their content. */
export const pagesFolder = join(folder, 'dist')

/** The program that builds them. */
export const buildProgram = join(folder, 'build/main.ts')

/** Name of the file that says what the pages were built from. */
export const stampName = '.sources'

/** What pages are made of: this package, and the two that it is bundled with. */
const sources = [
  'src',
  'public',
  'index.html',
  'package.json',
  'vite.config.ts',
  '../react/src',
  '../client/src',
]

/** A digest of all sources: the same where nothing has changed. */
export async function digestSources(): Promise<string> {
  const digest = createHash('sha256')
  for (const source of sources)
    for (const file of await listFiles(join(folder, source)))
      digest
        .update(file.slice(folder.length))
        .update('\0')
        .update(await readFile(file))
  return digest.digest('hex')
}

/** Whether the built pages are those of the sources as they are now. */
export async function areBuilt(): Promise<boolean> {
  const built = await readFile(join(pagesFolder, stampName), 'utf8').catch(() => '')
  return built === (await digestSources())
}

async function listFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined)
  if (entries === undefined) return [path]
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}
