import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { DataFolderInUseError, openPostgres, readProcessStartTime } from '../src/index.ts'
import { makeTestFolder } from './make-test-folder.ts'

test('server whose launcher was killed - is stopped by the next start', async () => {
  await using folder = await makeTestFolder()
  const script = fileURLToPath(new URL('launch-and-wait.ts', import.meta.url))
  const launcher = spawn(process.execPath, [script, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed]: unknown[] = await once(launcher.stdout, 'data')
  launcher.kill('SIGKILL')
  await once(launcher, 'exit')
  const leftover = Number(String(printed))
  expect(await readProcessStartTime(leftover)).toBeDefined()

  const lines: string[] = []
  await using server = await openPostgres({ dataDir: folder.path, log: (line) => lines.push(line) })
  expect(lines).toContain('stopped the postgres that an earlier start left')
  expect(await readProcessStartTime(leftover)).toBeUndefined()
  expect(server.pid).not.toBe(leftover)
})

test('server whose launcher lives - keeps its data folder', async () => {
  await using folder = await makeTestFolder()
  await using first = await openPostgres({ dataDir: folder.path, log: () => {} })
  await expect(openPostgres({ dataDir: folder.path, log: () => {} })).rejects.toThrow(DataFolderInUseError)
  expect(await readProcessStartTime(first.pid ?? 0)).toBeDefined()
})

test.runIf(process.getuid?.() === 0)(
  'root in a closed folder - keeps its data under /var/lib and says so',
  async () => {
    await using folder = await makeTestFolder(0o700)
    await using server = await openPostgres({ dataDir: folder.path, log: () => {} })
    const note = server.notes.find((line) => line.includes('/var/lib/omni2-chat/'))
    const elsewhere = /\/var\/lib\/omni2-chat\/[0-9a-f]{12}/.exec(note ?? '')?.[0]
    expect(elsewhere).toBeDefined()
    await server.stop()
    await rm(elsewhere ?? '', { recursive: true })
  },
)
