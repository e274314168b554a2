import type { ParseArgsOptionsConfig } from 'node:util'
import type { Environment } from '@omni2/service-kit'
import type { AdminApi } from './admin-api.ts'

/** The input after a command's name. */
export interface CommandInput {
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  /** The person's folder: relative paths start here. */
  readonly folder: string
  readonly env: Environment
}

/** The result of a command: the answer for `--json`, and lines for a person. */
export interface CommandOutput {
  readonly answer: unknown
  readonly lines: readonly string[]
}

/** One command of `npm run admin` or `npm run dlq`. */
export interface Command {
  /** As typed, with its words: `block <user>`; words in `[]` may be left out. */
  readonly usage: string
  readonly summary: string
  readonly options?: ParseArgsOptionsConfig
  /** Flags as the help shows them. */
  readonly flags?: string
  run(input: CommandInput, api: AdminApi): Promise<CommandOutput>
}

/** A flag that was given, as text. */
export function textOf({ flags }: Pick<CommandInput, 'flags'>, name: string): string | undefined {
  const value = flags[name]
  return typeof value === 'string' ? value : undefined
}
