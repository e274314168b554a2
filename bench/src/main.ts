import { measureChecks } from './checks/measure-checks.ts'

const usage = `usage: npm run bench -- checks

  checks   what the checks of a turn cost above one bare SELECT 1
`

const [command] = process.argv.slice(2)

switch (command) {
  case 'checks':
    process.exitCode = (await measureChecks((line) => process.stderr.write(`${line}\n`))) ? 0 : 1
    break
  case '--help':
  case '-h':
    process.stdout.write(usage)
    break
  case undefined:
  default:
    process.stderr.write(usage)
    process.exitCode = 2
}
