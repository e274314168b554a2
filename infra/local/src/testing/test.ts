import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '@omni2/service-kit'
import { runChild } from '../run-child.ts'
import { readTotals, type Totals } from './read-totals.ts'

interface TestDeps {
  readonly folders: { readonly root: string }
  readonly env: Environment
}

const testUsage = `usage: npm test -- [--no-check] [FILE | FOLDER …] [options of vitest]

Runs the checks (types, boundaries, lint, format, unused code), then the tests, on real servers; the last line is
"N passed, N failed".

  --no-check       leave the checks out
  FILE, FOLDER     only the tests whose path has this in it, such as services/auth
  -t TEXT          only the tests whose name has this in it; vitest's other options work too (vitest --help)

TEST_DATABASE_URL, TEST_NATS_URL and TEST_REDIS_URL name servers to use instead of its own (see .env.example).
Exit codes: 0 everything passed, 1 something failed.
`

/**
 * `npm test`: checks, then every test; the last line is `N passed, N failed`. `--no-check` leaves the checks out, other
 * arguments go to vitest. Resolves to 1 on any failure.
 */
export async function test(args: readonly string[], deps: TestDeps): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(testUsage)
    return 0
  }
  const totals = (await runChecks(args, deps)) ? await runVitest(args, deps) : { passed: 0, failed: 1 }
  process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`)
  return totals.failed === 0 ? 0 : 1
}

async function runChecks(args: readonly string[], { folders, env }: TestDeps): Promise<boolean> {
  if (args.includes('--no-check')) return true
  const code = await runChild('npm', ['--silent', 'run', 'check'], { cwd: folders.root, env })
  if (code !== 0) process.stdout.write('the checks failed; npm run format fixes what a tool can fix\n')
  return code === 0
}

async function runVitest(args: readonly string[], { folders, env }: TestDeps): Promise<Totals> {
  const report = await mkdtemp(join(tmpdir(), 'omni2-test-'))
  try {
    const file = join(report, 'totals.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const wanted = args.filter((arg) => arg !== '--no-check')
    const code = await runChild('vitest', ['run', ...reporters, ...wanted], { cwd: folders.root, env })
    return await readTotals(file, code)
  } finally {
    await rm(report, { recursive: true, force: true })
  }
}
