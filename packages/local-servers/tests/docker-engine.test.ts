import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { hasDockerEngine } from '../src/index.ts'
import { findContainer } from '../src/resolve-server/find-server.ts'
import { makeTestFolder } from './make-test-folder.ts'

afterEach(() => vi.unstubAllEnvs())

/** Puts a `docker` client on an otherwise empty PATH that answers as the shell lines say. */
async function useDockerClient(folder: string, lines: string) {
  await mkdir(join(folder, 'bin'))
  await writeFile(join(folder, 'bin', 'docker'), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  vi.stubEnv('PATH', join(folder, 'bin'))
}

test('docker client without an engine - is no way to run a server', async () => {
  await using folder = await makeTestFolder()
  await useDockerClient(folder.path, 'echo Cannot connect >&2; exit 1')
  expect(await hasDockerEngine()).toBe(false)
  const reasons: string[] = []
  expect(await findContainer('some:image', reasons, { log: () => {} })).toBeUndefined()
  expect(reasons).toEqual(['no Docker engine answers'])
})

test('engine that cannot have the image - is announced and falls through with the reason', async () => {
  await using folder = await makeTestFolder()
  const lines = `case "$1" in version) echo 28.2 ;; pull) echo "registry: no route" >&2; exit 1 ;; *) exit 1 ;; esac`
  await useDockerClient(folder.path, lines)
  const said: string[] = []
  const reasons: string[] = []
  expect(await findContainer('some:image', reasons, { log: (line) => said.push(line) })).toBeUndefined()
  expect(said).toEqual(['pulling the container image some:image'])
  expect(reasons).toEqual(['the image some:image cannot be pulled: registry: no route'])
})

test('engine with the image - runs it', async () => {
  await using folder = await makeTestFolder()
  await useDockerClient(folder.path, `case "$1" in version) echo 28.2 ;; image) exit 0 ;; *) exit 1 ;; esac`)
  const found = await findContainer('some:image', [], { log: () => {} })
  expect(found).toMatchObject({ source: 'container', image: 'some:image' })
})
