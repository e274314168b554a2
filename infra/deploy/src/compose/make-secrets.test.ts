import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isDemoSecret } from '@omni2/service-kit'
import { makeSecrets, openSecretsFolder } from './secrets-folder.ts'

test('make-secrets - run twice - keeps what it made, in a folder that is closed to others', async () => {
  await using folder = await openSecretsFolder(['--demo'])
  const first = await readAll(folder.path)
  expect(await makeSecrets(['--demo', folder.path])).toBe('')
  expect(await readAll(folder.path)).toEqual(first)
  expect((await stat(folder.path)).mode & 0o777).toBe(0o700)
  for (const name of Object.keys(first))
    expect((await stat(join(folder.path, name))).mode & 0o777).toBe(0o444)
})

test('make-secrets - two folders - have nothing in common, and nothing that can be guessed', async () => {
  await using one = await openSecretsFolder(['--demo'])
  await using other = await openSecretsFolder(['--demo'])
  const [a, b] = [await readAll(one.path), await readAll(other.path)]
  const alike = Object.keys(a).filter((name) => a[name] === b[name])
  expect(alike).toEqual(['anthropic-api-key'])
  for (const name of ['jwt-secret', 'resume-token-secret']) expect(isDemoSecret(a[name] ?? '')).toBe(false)
})

test('make-secrets - neither a key nor --demo - makes the rest and says what is missing', async () => {
  const path = await mkdtemp(join(tmpdir(), 'omni2-secrets-'))
  await expect(makeSecrets([path])).rejects.toThrow('no anthropic-api-key yet')
  expect(await readdir(path)).toContain('jwt-secret')
  expect(await readdir(path)).not.toContain('anthropic-api-key')
  await rm(path, { recursive: true })
})

async function readAll(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted()
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)
  return Object.fromEntries(await Promise.all(texts))
}
