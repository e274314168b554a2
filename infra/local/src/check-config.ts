import { join } from 'node:path'
import type { Environment } from '@omni2/service-kit'
import { runChild } from './run-child.ts'

interface ConfigDeps {
  readonly folders: { readonly root: string }
  readonly env: Environment
}

/** `npm run config`: infra/deploy knows the configuration of every service. Resolves to the exit code. */
export async function checkConfig(args: readonly string[], { folders, env }: ConfigDeps): Promise<number> {
  const script = join(folders.root, 'infra', 'deploy', 'src', 'main.ts')
  return runChild(process.execPath, [script, ...args], { cwd: folders.root, env })
}
