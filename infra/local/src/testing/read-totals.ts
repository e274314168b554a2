import { readFile } from 'node:fs/promises'
import { z } from 'zod'

export interface Totals {
  readonly passed: number
  readonly failed: number
}

const reportSchema = z.object({ numPassedTests: z.int(), numFailedTests: z.int() })

/** Reads vitest's JSON report; a run that failed outside of a test, or left no report, counts as one failure. */
export async function readTotals(file: string, exitCode: number): Promise<Totals> {
  const report = reportSchema.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => 'null')))
  const passed = report.data?.numPassedTests ?? 0
  const failed = report.data?.numFailedTests ?? 0
  const failedElsewhere = exitCode !== 0 || passed + failed === 0
  return { passed, failed: failedElsewhere ? Math.max(failed, 1) : failed }
}
