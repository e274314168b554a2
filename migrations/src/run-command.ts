import { migrateDown } from './migrate-down.ts'
import { type MigrationReport, migrateUp } from './migrate-up.ts'
import { migrationStatus } from './migration-status.ts'
import { printStatus } from './print-status.ts'

export type Command = 'up' | 'down' | 'status'

const commands: Record<Command, (databaseUrl: string) => Promise<string>> = {
  up: async (databaseUrl) => printUp(await migrateUp(databaseUrl)),
  down: async (databaseUrl) => printDown(await migrateDown(databaseUrl)),
  status: async (databaseUrl) => printStatus(await migrationStatus(databaseUrl)),
}

/** Runs one command and returns what to print, one line a migration. Throws as the functions it calls. */
export function runCommand(command: Command, databaseUrl: string): Promise<string> {
  return commands[command](databaseUrl)
}

function printUp({ migrated, restored }: MigrationReport): string {
  const lines = [
    ...migrated.map((name) => `applied ${name}`),
    ...restored.map((part) => `restored ${part}, which had been rolled back by hand`),
  ]
  return lines.length > 0 ? lines.join('\n') : 'already up to date'
}

function printDown({ migrated }: MigrationReport): string {
  return migrated.map((name) => `rolled back ${name}`).join('\n') || 'nothing to roll back'
}
