import { areBundled, type Program, programs } from './programs.ts'

// Bundles the programs, or those that are named, where their sources have changed.

const names = process.argv.slice(2)
const unknown = names.filter((name) => !programs.includes(name as Program))
const asked = names.length === 0 ? programs : (names as Program[])

if (unknown.length > 0) {
  console.error(`no such program: ${unknown.join(', ')}; there are ${programs.join(', ')}`)
  process.exitCode = 2
} else if (await areBundled(asked)) console.log('programs: nothing has changed')
else {
  const { bundlePrograms } = await import('./bundle-programs.ts')
  await bundlePrograms(asked)
  console.log(`programs: bundled ${asked.join(', ')}`)
}
