import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestFiles } from '@omni2/bundles/digest-files'
import { hasStamp } from '@omni2/bundles/stamp'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** Where the built pages lie: `index.html`, and `assets/` with files that are named by their content. */
export const pagesFolder = join(folder, 'dist')

/** The program that builds them. */
export const buildProgram = join(folder, 'build/main.ts')

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
export const areBuilt = async (): Promise<boolean> => hasStamp(pagesFolder, await digestSources())
