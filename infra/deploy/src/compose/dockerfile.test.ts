import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../repository-root.ts'

const dockerfile = await readFile(join(repositoryRoot, 'Dockerfile'), 'utf8')
const manifest: unknown = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8'))

test('Dockerfile - pnpm and Node - are the versions of the workspace', () => {
  const pnpm = /npm install --global pnpm@([\d.]+)/.exec(dockerfile)?.[1]
  const node = /^ARG NODE_IMAGE=node:([\d.]+)-/m.exec(dockerfile)?.[1]
  expect(manifest).toMatchObject({ packageManager: `pnpm@${pnpm}`, devDependencies: { node } })
})

test('Dockerfile - the last stage - runs node itself, without root', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
  expect(last).toMatch(/^\nFROM scratch\n/)
  expect(last.match(/^(?:USER|ENTRYPOINT|CMD) .*$/gm)).toEqual([
    'USER 10001:10001',
    'ENTRYPOINT ["node", "/app/main.js"]',
  ])
  expect(last).toContain('NODE_ENV=production')
})

test('Dockerfile - every base - can be given, and pinned, from outside', () => {
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
  expect(bases).toEqual(['${NODE_IMAGE}', '${NODE_IMAGE}', 'scratch'])
})

test('.dockerignore - secrets, settings and what was built elsewhere - stay out of images', async () => {
  const ignored = (await readFile(join(repositoryRoot, '.dockerignore'), 'utf8')).split('\n')
  for (const path of ['secrets', '.env', 'omni2.env', '.git', '**/node_modules'])
    expect(ignored).toContain(path)
})
