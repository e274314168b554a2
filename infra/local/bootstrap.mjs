import { fileURLToPath } from 'node:url'
import { installWorkspace } from './bootstrap/install-workspace.mjs'
import { runInWorkspace } from './bootstrap/run-in-workspace.mjs'

// Everything that `npm start`, `stop`, `test` and `migrate` need before Node 24 and the packages are there: it runs on
// the machine's own Node (20 or newer) with nothing installed.
const root = fileURLToPath(new URL('../../', import.meta.url))
const major = Number.parseInt(process.versions.node, 10)

if (major < 20) {
  process.stderr.write(`Node ${process.versions.node} is too old: OMNI2 Chat needs Node 20 or newer\n`)
  process.exitCode = 1
} else if (await installWorkspace(root)) {
  process.exitCode = await runInWorkspace(root, ['infra/local/src/main.ts', ...process.argv.slice(2)])
} else {
  process.exitCode = 1
}
