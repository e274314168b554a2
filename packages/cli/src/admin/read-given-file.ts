import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { makeUsageError } from '../operator-error.ts'
import type { CommandInput } from './command.ts'

/** The text of a file that a flag names, `-` for stdin; throws a usage error that names the flag. */
export async function readGivenFile(
  flag: string,
  file: string,
  { folder }: Pick<CommandInput, 'folder'>,
): Promise<string> {
  try {
    return await (file === '-' ? text(process.stdin) : readFile(resolve(folder, file), 'utf8'))
  } catch {
    throw makeUsageError(`${flag} ${file}: the file cannot be read`)
  }
}
