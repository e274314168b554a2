import { checkCommand } from './check-command.ts'
import { readCommandLine, usage } from './command-line.ts'
import { listCommand } from './list-command.ts'
import { repositoryRoot } from './repository-root.ts'

try {
  const asked = readCommandLine(process.argv.slice(2))
  const deps = { env: process.env, root: repositoryRoot }
  if (asked.command === 'help') process.stdout.write(usage)
  else if (asked.command === 'list') process.stdout.write(await listCommand(asked, deps))
  else {
    const { text, isGood } = await checkCommand(asked, deps)
    process.stdout.write(text)
    process.exitCode = isGood ? 0 : 1
  }
} catch (error) {
  process.stderr.write(`config: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
