import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeSchema, type SchemaDescription } from './describe-schema.ts'
import { readMeanings } from './read-meanings.ts'
import { type ConfiguredService, services } from './services.ts'
import { secretNames, sharedMeanings } from './shared-meanings.ts'

/** One variable of one service. */
export interface ServiceVariable extends SchemaDescription {
  readonly name: string
  readonly service: string
  /** Undefined without a comment at the schema and without a shared meaning. */
  readonly meaning: string | undefined
  readonly isSecret: boolean
}

/** Every variable of every service, in the order of the schemas. */
export async function describeVariables(root: string): Promise<readonly ServiceVariable[]> {
  const common = readMeanings(await readFile(join(root, 'packages/service-kit/src/config.ts'), 'utf8'))
  const described = services.map(async (service) => {
    const own = readMeanings(await readFile(join(root, `services/${service.name}/src/config.ts`), 'utf8'))
    return describeService(service, new Map([...common, ...own]))
  })
  return (await Promise.all(described)).flat()
}

function describeService(
  { name: service, schema }: ConfiguredService,
  meanings: ReadonlyMap<string, string>,
): ServiceVariable[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const own = {
      name,
      service,
      meaning: meanings.get(name) ?? sharedMeanings[name],
      isSecret: secretNames.has(name),
    }
    return Object.assign(own, describeSchema(field))
  })
}
