import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestFolder extends AsyncDisposable {
  readonly path: string
}

/** A folder that Postgres' own account may pass through; disposing it removes it. */
export async function makeTestFolder(mode = 0o711): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'with space-'))
  await chmod(path, mode)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
