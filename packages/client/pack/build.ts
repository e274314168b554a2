import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Makes dist/: the sources as JavaScript modules of ES2022, and their declarations, which need no other package.

const folder = fileURLToPath(new URL('..', import.meta.url))
const dist = `${folder}dist`

rmSync(dist, { recursive: true, force: true })
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: folder, stdio: 'inherit' })
for (const name of readdirSync(dist).filter((each) => each.endsWith('.d.ts')))
  nameModulesAsBuilt(`${dist}/${name}`)

/** tsc rewrites the endings of imports in JavaScript, but not in declarations. */
function nameModulesAsBuilt(file: string): void {
  const declarations = readFileSync(file, 'utf8')
  writeFileSync(file, declarations.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"))
}
