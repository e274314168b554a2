import { constants, copyFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs'

export interface LogBounds {
  /** A log is rotated once it is larger. */
  readonly bytes: number
  /** Files kept beside the log: `<file>.1`, the newest, to `<file>.<kept>`. */
  readonly kept: number
}

/** What a process started here may leave on disk: 10 MiB five times and what it writes between two looks. */
export const logBounds: LogBounds = { bytes: 10 * 1024 * 1024, kept: 4 }

/**
 * Moves what a log holds to `<file>.1`, and older files on by one, when the log is larger than its bound. Its writer
 * appends and keeps the file open, so the log is copied and emptied; what is written in the moment between is lost.
 */
export function rotateLog(file: string, { bytes, kept }: LogBounds): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size <= bytes) return
  for (let number = kept - 1; number >= 1; number -= 1) moveOn(`${file}.${number}`, `${file}.${number + 1}`)
  // Without blocks of its own where the file system can share them: then the moment is short whatever the size.
  copyFileSync(file, `${file}.1`, constants.COPYFILE_FICLONE)
  truncateSync(file)
}

function moveOn(from: string, to: string): void {
  rmSync(to, { force: true })
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to)
}
