import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeProcessRecord } from '../src/index.ts'

export interface TestFolder extends AsyncDisposable {
  readonly path: string
}

/**
 * A folder that Postgres' own account may pass through; disposing it removes it. Named and recorded as testkit's
 * folders are: its next run clears away what a killed test leaves here.
 */
export async function makeTestFolder(mode = 0o711): Promise<TestFolder> {
  const path = await mkdtemp(join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'omni2-test-with space-'))
  await writeProcessRecord(join(path, 'run.json'), { name: 'test', pid: process.pid })
  await chmod(path, mode)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
