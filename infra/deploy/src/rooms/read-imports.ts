import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** The relative imports of each file of a folder, types included, as paths within it; tests are left out. */
export function readImports(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = globSync('**/*.ts', { cwd: folder }).filter((file) => !file.endsWith('.test.ts'))
  return new Map(files.map((file) => [file, listImports(file, readFileSync(join(folder, file), 'utf8'))]))
}

function listImports(file: string, text: string): string[] {
  const targets = [...text.matchAll(/^(?:import|export)\b[^'"]*?\bfrom\s+'(\.[^']+)'/gm)]
  return targets.map(([, target = '']) => normalize(join(dirname(file), target)))
}

/** A chain of files that each import the next, from a file back to itself; undefined when there is none. */
export function findCycle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const target of imports.get(file) ?? []) {
      const cycle = visit(target, [...path, file])
      if (cycle) return cycle
    }
    done.add(file)
    return undefined
  }
  for (const file of imports.keys()) {
    const cycle = visit(file, [])
    if (cycle) return cycle
  }
  return undefined
}
