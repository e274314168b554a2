import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { replaceFolder } from './replace-folder.ts'

async function openParent() {
  const parent = await mkdtemp(join(tmpdir(), 'omni2-replace-'))
  onTestFinished(() => rm(parent, { recursive: true }))
  return parent
}

test('folder - that is not there yet, nor its parent - is made, and every user can read it', async () => {
  const path = join(await openParent(), 'deep', 'dist')
  await replaceFolder(path, (folder) => writeFile(join(folder, 'a'), 'new'))
  expect(await readFile(join(path, 'a'), 'utf8')).toBe('new')
  expect((await stat(path)).mode & 0o777).toBe(0o755)
})

test('folder - that is there - is replaced with all it held, and nothing is left beside it', async () => {
  const parent = await openParent()
  const path = join(parent, 'dist')
  await mkdir(path)
  await writeFile(join(path, 'old'), 'old')
  await replaceFolder(path, (folder) => writeFile(join(folder, 'a'), 'new'))
  expect(await readdir(path)).toEqual(['a'])
  expect(await readdir(parent)).toEqual(['dist'])
})

test('folder - that cannot be filled - stays as it was, with the reason', async () => {
  const parent = await openParent()
  const path = join(parent, 'dist')
  await replaceFolder(path, (folder) => writeFile(join(folder, 'a'), 'old'))
  const fill = () => Promise.reject(new Error('no space'))
  await expect(replaceFolder(path, fill)).rejects.toThrow('no space')
  expect(await readdir(parent)).toEqual(['dist'])
  expect(await readFile(join(path, 'a'), 'utf8')).toBe('old')
})
