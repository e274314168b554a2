import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { MetricDeclarations } from '../metrics/declare-metrics.ts'

const services = fileURLToPath(new URL('../../../../services/', import.meta.url))

/**
 * What every service declares, by the service's name: each `src/metrics.ts` exports one set of declarations. They are found
 * as files, because a library knows no service.
 */
export async function readDeclarations(): Promise<ReadonlyMap<string, MetricDeclarations>> {
  const files = await Array.fromAsync(glob('*/src/metrics.ts', { cwd: services }))
  const read = files.toSorted().map(async (file): Promise<[string, MetricDeclarations]> => {
    const exported = (await import(pathToFileURL(join(services, file)).href)) as Record<string, unknown>
    return [file.split('/')[0] ?? '', findDeclarations(file, exported)]
  })
  return new Map(await Promise.all(read))
}

function findDeclarations(file: string, exported: Record<string, unknown>): MetricDeclarations {
  const sets = Object.values(exported).filter(isDeclarations)
  const [only] = sets
  if (only === undefined || sets.length > 1) throw new Error(`${file} must export one set of declarations`)
  return only
}

const isDeclarations = (value: unknown): value is MetricDeclarations =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === 'object' && each !== null && 'help' in each)
