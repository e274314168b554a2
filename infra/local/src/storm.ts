import { join } from 'node:path'
import type { Environment } from '@omni2/service-kit'
import { runChild } from './run-child.ts'

interface StormDeps {
  readonly folders: { readonly root: string }
  readonly env: Environment
}

/** `npm run storm`: kills, freezes and cuts a stack of its own while clients chat. Resolves to 1 if a promise was broken. */
export function storm(args: readonly string[], { folders, env }: StormDeps): Promise<number> {
  const script = join(folders.root, 'infra', 'storm', 'src', 'main.ts')
  return runChild(process.execPath, [script, ...args], { cwd: folders.root, env })
}
