import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '../repository-root.ts'

/** A folder of secrets as infra/make-secrets.sh makes it; gone when disposed. */
export interface SecretsFolder extends AsyncDisposable {
  readonly path: string
}

/** Runs infra/make-secrets.sh for tests. */
export async function openSecretsFolder(args: readonly string[]): Promise<SecretsFolder> {
  const path = await mkdtemp(join(tmpdir(), 'omni2-secrets-'))
  await makeSecrets([...args, path])
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Resolves to what it says; rejects when it fails. */
export async function makeSecrets(args: readonly string[]): Promise<string> {
  const child = spawn(join(repositoryRoot, 'infra/make-secrets.sh'), args, {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(said)
  return said
}
