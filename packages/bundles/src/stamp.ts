import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The file of a built folder that says from which sources it was built. */
const fileOf = (folder: string): string => join(folder, '.sources')

/** Notes in a built folder the digest of its sources. */
export const writeStamp = (folder: string, sources: string): Promise<void> =>
  writeFile(fileOf(folder), sources)

/** Whether a folder was built from sources of this digest. */
export const hasStamp = async (folder: string, sources: string): Promise<boolean> =>
  (await readFile(fileOf(folder), 'utf8').catch(() => '')) === sources
