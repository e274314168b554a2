import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestFiles } from './digest-files.ts'
import { hasStamp } from './stamp.ts'

/** The clone. */
const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The programs of a deployment, and the module that each begins with, from the clone. */
const entries = {
  auth: 'services/auth/src/main.ts',
  'chat-worker': 'services/chat-worker/src/main.ts',
  console: 'services/console/src/main.ts',
  'flow-recorder': 'services/flow-recorder/src/main.ts',
  'ws-edge': 'services/ws-edge/src/main.ts',
  gateway: 'infra/local/src/gateway/main.ts',
  'model-simulator': 'packages/model-simulator/src/main.ts',
  migrations: 'migrations/src/main.ts',
  streams: 'infra/local/src/streams/main.ts',
  bootstrap: 'packages/cli/src/bootstrap/main.ts',
  seed: 'infra/local/src/seed/main.ts',
}

export type Program = keyof typeof entries

export const programs = Object.keys(entries) as Program[]

/** The module that a program begins with. */
export const entryOf = (program: Program): string => join(root, entries[program])

/** The program that bundles all others. */
export const bundleProgram = join(root, 'packages/bundles/src/main.ts')

/** The file that Node runs: of `services/auth/src/main.ts` it is `services/auth/dist/main.js`. */
export const bundleOf = (program: Program): string =>
  entryOf(program).replace('/src/', '/dist/').replace(/\.ts$/, '.js')

/** A digest of all that programs are made of: the same where nothing has changed. */
export const digestSources = (): Promise<string> =>
  digestFiles(root, [
    'packages/*/src/**/*.ts',
    'packages/*/build/*.ts',
    'services/*/src/**/*.ts',
    'infra/local/src/**/*.ts',
    'migrations/{.,src}/*.ts',
    'pnpm-lock.yaml',
  ])

/** Whether the bundles of these programs are those of the sources as they are now. */
export async function areBundled(some: readonly Program[] = programs): Promise<boolean> {
  const sources = await digestSources()
  const stamped = some.map((program) => hasStamp(dirname(bundleOf(program)), sources))
  return !(await Promise.all(stamped)).includes(false)
}
