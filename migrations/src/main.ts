import { describeFailure } from './describe-failure.ts'
import { parseCommand, usage } from './parse-command.ts'
import { readDatabaseUrl } from './read-database-url.ts'
import { runCommand } from './run-command.ts'

const asked = parseCommand(process.argv.slice(2))

if (asked === 'help') {
  process.stdout.write(usage)
} else if (asked === undefined) {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  let databaseUrl = ''
  try {
    databaseUrl = readDatabaseUrl('DATABASE_URL', process.env)
    const serviceUrl = readDatabaseUrl('DATABASE_SERVICE_URL', process.env)
    process.stdout.write(`${await runCommand(asked, { databaseUrl, serviceUrl })}\n`)
  } catch (error) {
    process.stderr.write(`migrate ${asked}: ${describeFailure(error, databaseUrl)}\n`)
    process.exitCode = 1
  }
}
