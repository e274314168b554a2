import { openPostgres } from '../src/index.ts'

// Run as a program: starts Postgres on the given data folder, prints its pid, and then waits to be killed.
const [dataDir = ''] = process.argv.slice(2)
const server = await openPostgres({ dataDir, log: () => {} })
process.stdout.write(`${server.pid}\n`)
