import { migrateDown } from './migrate-down.ts'
import { type MigrationReport, migrateUp } from './migrate-up.ts'
import { migrationStatus } from './migration-status.ts'
import { printStatus } from './print-status.ts'

export type Command = 'up' | 'down' | 'status'

interface Addresses {
  readonly databaseUrl: string
  /** The URL with which the services log in; empty: their role stays as it is. */
  readonly serviceUrl: string
}

const commands: Record<Command, (addresses: Addresses) => Promise<string>> = {
  up: async ({ databaseUrl, serviceUrl }) => printUp(await migrateUp(databaseUrl, serviceUrl)),
  down: async ({ databaseUrl }) => printDown(await migrateDown(databaseUrl)),
  status: async ({ databaseUrl }) => printStatus(await migrationStatus(databaseUrl)),
}

/** Runs one command and returns what to print, one line a migration. Throws as the functions it calls. */
export function runCommand(command: Command, addresses: Addresses): Promise<string> {
  return commands[command](addresses)
}

function printUp({ migrated, restored, priced = [], serviceRole }: MigrationReport): string {
  const lines = [
    ...migrated.map((name) => `applied ${name}`),
    ...restored.map((part) => `restored ${part}, which had been rolled back by hand`),
  ]
  if (priced.length > 0) lines.push(`prices as shipped: ${priced.join(', ')}`)
  if (lines.length === 0) lines.push('already up to date')
  if (serviceRole === 'shared')
    lines.push('the services log in as the owner of the tables; give DATABASE_SERVICE_URL a role of its own')
  return lines.join('\n')
}

function printDown({ migrated }: MigrationReport): string {
  return migrated.map((name) => `rolled back ${name}`).join('\n') || 'nothing to roll back'
}
