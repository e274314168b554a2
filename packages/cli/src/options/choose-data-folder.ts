import { join, resolve } from 'node:path'
import { makeUsageError } from '../operator-error.ts'

export interface Folders {
  /** The clone. */
  readonly root: string
  /** Where the person typed the command. */
  readonly current: string
}

/** The folder named by `--data`, else `.omni2` in the clone. */
export function chooseDataFolder(data: string | undefined, { root, current }: Folders): string {
  if (data === '') throw makeUsageError('--data: must name a folder')
  return data === undefined ? join(root, '.omni2') : resolve(current, data)
}
