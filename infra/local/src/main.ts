import { fileURLToPath } from 'node:url'
import { describeFailure } from '@omni2/cli/describe-failure'
import { makePrintable } from '@omni2/cli/make-printable'
import { OperatorError } from '@omni2/cli/operator-error'
import { maskPasswords } from './output/mask-passwords.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')
const [command, ...args] = process.argv.slice(2)
// npm runs scripts in the clone; relative paths start at INIT_CWD, the person's folder.
const folders = { root, current: process.env['INIT_CWD'] ?? process.cwd() }
const deps = { folders, env: process.env }

try {
  process.exitCode = await runCommand()
} catch (error) {
  process.stderr.write(
    `npm ${['scale', 'migrate', 'chat', 'config', 'admin', 'dlq', 'bench', 'storm'].includes(command ?? '') ? `run ${command}` : command}: ${makePrintable(maskPasswords(describeFailure(error)))}\n`,
  )
  process.exitCode = error instanceof OperatorError ? error.exitCode : 1
}

// Imported one by one: a command must work where the files of another do not.
async function runCommand(): Promise<number> {
  switch (command) {
    case 'start':
      return (await import('./start.ts')).start(args, deps)
    case 'stop':
      return (await import('./stop.ts')).stop(args, deps)
    case 'scale':
      return (await import('./scale.ts')).scale(args, deps)
    case 'migrate':
      return (await import('./migrate.ts')).migrate(args, deps)
    case 'chat':
      return (await import('@omni2/cli/chat')).chat(args, deps)
    case 'bench':
      return (await import('./bench.ts')).bench(args, deps)
    case 'storm':
      return (await import('./storm.ts')).storm(args, deps)
    case 'admin':
      return (await import('@omni2/cli/admin')).admin(args, deps)
    case 'dlq':
      return (await import('@omni2/cli/dlq')).dlq(args, deps)
    case 'config':
      return (await import('./check-config.ts')).checkConfig(args, deps)
    case 'test':
      return (await import('./testing/test.ts')).test(args, deps)
    case undefined:
    default:
      throw new OperatorError(`no such command: ${command}`, { exitCode: 2 })
  }
}
