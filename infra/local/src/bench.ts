import { join } from 'node:path'
import type { Environment } from '@omni2/service-kit'
import { runChild } from './run-child.ts'

interface BenchDeps {
  readonly folders: { readonly root: string }
  readonly env: Environment
}

/** `npm run bench`: measures one thing on servers of its own. Resolves to 1 where a figure misses its bound. */
export function bench(args: readonly string[], { folders, env }: BenchDeps): Promise<number> {
  const script = join(folders.root, 'bench', 'src', 'main.ts')
  return runChild(process.execPath, [script, ...args], { cwd: folders.root, env })
}
