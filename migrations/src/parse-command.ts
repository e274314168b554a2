import type { Command } from './run-command.ts'

export const usage = `usage: migrate up | down | status

  up      apply every migration that is pending, and restore what was rolled back by hand
  down    undo the newest migration
  status  list every migration with its state and when it was applied; changes nothing

The database is the one of DATABASE_URL (postgres://user:password@host:5432/database), or of the file that
DATABASE_URL_FILE names. With DATABASE_SERVICE_URL (or _FILE), up also makes the role that the services log in as, which
may read and write every table and owns none.
Exit codes: 0 done, 1 failed, 2 not understood.
`

/** The command asked for, or undefined where the arguments are not understood. */
export function parseCommand(args: readonly string[]): Command | 'help' | undefined {
  const [word, ...rest] = args
  if (rest.includes('--help') || word === '--help' || word === '-h') return 'help'
  if (rest.length > 0) return undefined
  return word === 'up' || word === 'down' || word === 'status' ? word : undefined
}
