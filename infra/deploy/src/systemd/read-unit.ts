import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '@omni2/service-kit'

/** The settings of a unit of infra/systemd, with those that all units share, by name. */
export interface Unit {
  /** As in `omni2-ws-edge@01.service`, without `.service`. */
  readonly name: string
  readonly settings: ReadonlyMap<string, readonly string[]>
}

/** The folder where systemd puts the credentials of a service; here, their source. */
const credentials = '/etc/omni2-chat/secrets'

/** Reads a unit, of a template its given instance, with the drop-in of all units before it. */
export async function readUnit(root: string, template: string, instance = '01'): Promise<Unit> {
  const folder = join(root, 'infra/systemd')
  const name = template.replace('@', `@${instance}`)
  const text = [
    await readFile(join(folder, 'omni2-.service.d/omni2.conf'), 'utf8'),
    await readFile(join(folder, `${template}.service`), 'utf8'),
  ].join('\n')
  const specifiers: Readonly<Record<string, string>> = {
    '%i': instance,
    '%N': name,
    '%C': '/var/cache',
    '%d': credentials,
  }
  const settings = new Map<string, string[]>()
  for (const [, key = '', value = ''] of text.matchAll(/^(\w+)=(.*)$/gm)) {
    const said = value.replaceAll(/%\w/g, (found) => specifiers[found] ?? found)
    settings.set(key, [...(settings.get(key) ?? []), said])
  }
  return { name, settings }
}

/** The environment that a unit gives its process. */
export function environmentOf({ settings }: Unit): Environment {
  const pairs = (settings.get('Environment') ?? []).map((line) => {
    const end = line.indexOf('=')
    return [line.slice(0, end), line.slice(end + 1)] as const
  })
  return Object.fromEntries(pairs)
}

/** The same with its credentials read from a folder of secrets. */
export const withSecretsFrom = (folder: string, env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.replace(credentials, folder)]))
