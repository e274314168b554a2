import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findLeftovers } from '../src/find-leftovers.ts'

test('leftovers - are the folders in the temporary folder, and processes that know the run', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'run-'))
  const temporary = join(folder.path, 'tmp')
  await mkdir(temporary)
  expect(await findLeftovers(folder.path, temporary)).toEqual([])
  await mkdir(join(temporary, 'data'))
  // A child of another process: this one's own children are Vitest's, where the run is cleared away.
  const env = { PATH: process.env['PATH'], RUN: folder.path }
  const shell = spawn('sh', ['-c', 'sleep 1000 & echo $!; wait'], { env, detached: true })
  const [line] = (await once(shell.stdout, 'data')) as [Buffer]
  try {
    await expect
      .poll(() => findLeftovers(folder.path, temporary))
      .toEqual([`process ${line.toString().trim()} (sleep 1000)`, 'folder data'])
  } finally {
    process.kill(-shell.pid!, 'SIGKILL')
  }
})
