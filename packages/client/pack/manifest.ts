import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// `node pack/manifest.ts publish` puts the manifest that is published in the place of the workspace's, whose entry is
// the source; `node pack/manifest.ts workspace` brings that back. npm reads the manifest between the two.

const manifest = fileURLToPath(new URL('../package.json', import.meta.url))
const kept = fileURLToPath(new URL('../.package.workspace.json', import.meta.url))

// Its scripts stay, so that a pack after one that broke off begins here, too. What that has left comes first.
if (existsSync(kept)) renameSync(kept, manifest)
if (process.argv[2] === 'publish') publish()

function publish(): void {
  const json = readFileSync(manifest, 'utf8')
  const { publishConfig, devDependencies: _unneeded, ...fields } = JSON.parse(json)
  writeFileSync(kept, json)
  writeFileSync(manifest, `${JSON.stringify({ ...fields, ...publishConfig }, undefined, 2)}\n`)
}
