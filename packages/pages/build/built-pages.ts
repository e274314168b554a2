import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestFiles } from '@omni2/bundles/digest-files'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Where the built pages lie: `index.html`, and `assets/` with files that are named by their content. */
export const pagesFolder = join(folder, 'dist')

/** The program that builds them. */
export const buildProgram = join(folder, 'build/main.ts')

/** Name of the file that says what the pages were built from. */
export const stampName = '.sources'

/** A digest of what pages are made of, this package and the two that it is bundled with: the same where nothing has changed. */
export const digestSources = (): Promise<string> =>
  digestFiles(folder, [
    '{src,public}/**/*.*',
    'index.html',
    'package.json',
    'vite.config.ts',
    '../{react,client}/src/**/*.*',
  ])

/** Whether the built pages are those of the sources as they are now. */
export async function areBuilt(): Promise<boolean> {
  const built = await readFile(join(pagesFolder, stampName), 'utf8').catch(() => '')
  return built === (await digestSources())
}
