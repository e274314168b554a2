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

/**
 * `npm test`: checks, then every test; the last line is `N passed, N failed`. `--no-check` leaves the checks out, other
 * arguments go to vitest. Resolves to 1 on any failure.
 */
export async function test(args: readonly string[], deps: TestDeps): Promise<number> {
  const totals = (await runChecks(args, deps)) ? await runVitest(args, deps) : { passed: 0, failed: 1 }
  process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`)
  return totals.failed === 0 ? 0 : 1
}

async function runChecks(args: readonly string[], { folders, env }: TestDeps): Promise<boolean> {
  if (args.includes('--no-check')) return true
  const quiet = { ...env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
  const code = await runChild('npm', ['--silent', 'run', 'check'], { cwd: folders.root, env: quiet })
  if (code !== 0)
    process.stdout.write('the checks failed; npm run format mends what can be mended by itself\n')
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
