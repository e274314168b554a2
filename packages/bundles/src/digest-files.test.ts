import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { digestFiles } from './digest-files.ts'

async function openFolder(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'omni2-digest-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

test.each([
  ['changed', { 'a.ts': '1', 'b.ts': '3' }, false],
  ['named otherwise', { 'a.ts': '1', 'c.ts': '2' }, false],
  ['gone', { 'a.ts': '1' }, false],
  ['added, a test', { 'a.ts': '1', 'b.ts': '2', 'a.test.ts': '3' }, true],
  ['added, of no pattern', { 'a.ts': '1', 'b.ts': '2', 'c.md': '3' }, true],
])('digest - a file is %s - is the same: %#', async (_case, files, isSame) => {
  const before = await digestFiles(await openFolder({ 'a.ts': '1', 'b.ts': '2' }), ['*.ts'])
  expect((await digestFiles(await openFolder(files), ['*.ts'])) === before).toBe(isSame)
})
