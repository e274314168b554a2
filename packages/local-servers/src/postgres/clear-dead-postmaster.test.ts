import { access, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clearDeadPostmaster } from './clear-dead-postmaster.ts'

let cluster = ''
beforeEach(async () => {
  cluster = await mkdtemp(join(tmpdir(), 'omni2-lock-'))
})
afterEach(() => rm(cluster, { recursive: true }))

test.runIf(process.platform === 'linux')(
  'lock whose pid now belongs to another program - is removed',
  async () => {
    const lock = join(cluster, 'postmaster.pid')
    await writeFile(lock, `${process.pid}\n${cluster}\n`)
    await clearDeadPostmaster(cluster)
    await expect(access(lock)).rejects.toThrow('ENOENT')
  },
)

test('cluster without a lock - is left alone', async () => {
  await expect(clearDeadPostmaster(cluster)).resolves.toBeUndefined()
})
