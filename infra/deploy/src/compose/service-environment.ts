import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { Environment } from '@omni2/service-kit'
import type { ComposeFile } from './compose-file.ts'

/** The environment that compose gives a service, with the paths of its secrets as they are on this machine. */
export function makeServiceEnvironment(name: string, compose: ComposeFile, root: string): Environment {
  const service = compose.services[name]
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`)
  const files = service.env_file.map(({ path }) => resolve(root, path)).filter((path) => existsSync(path))
  const settings = files.map((path) => parseEnv(readFileSync(path, 'utf8')))
  const all: Environment = Object.assign({}, ...settings, service.environment)
  const paths = new Map(
    service.secrets.map(({ source, target }) => [target, resolve(root, compose.secrets[source]?.file ?? '')]),
  )
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [
      key,
      key.endsWith('_FILE') ? (paths.get(value ?? '') ?? value) : value,
    ]),
  )
}
