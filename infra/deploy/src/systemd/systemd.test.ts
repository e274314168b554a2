import { readdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleOf, programs } from '@omni2/bundles'
import { openSecretsFolder } from '../compose/secrets-folder.ts'
import { checkConfiguration } from '../configuration/check-configuration.ts'
import { services } from '../configuration/services.ts'
import { repositoryRoot } from '../repository-root.ts'
import { environmentOf, readUnit, withSecretsFrom } from './read-unit.ts'

const templates = services.map(({ name }) => `omni2-${name}@`)
const units = [...templates, 'omni2-migrate']

test('units - one for each service, the migrations, and the target that starts them', async () => {
  const files = await readdir(join(repositoryRoot, 'infra/systemd'))
  expect(files.filter((file) => file !== 'README.md').toSorted()).toEqual(
    ['omni2-.service.d', 'omni2.target', ...units.map((unit) => `${unit}.service`)].toSorted(),
  )
})

test.each(units)('%s - what it runs - is there, and it is part of the target', async (name) => {
  const { settings } = await readUnit(repositoryRoot, name)
  const runs = settings.get('ExecStart') ?? []
  expect(runs.length).toBeGreaterThan(0)
  const [folder = ''] = settings.get('WorkingDirectory') ?? []
  const files = runs.flatMap((run) => {
    const [node = '', script = ''] = run.split(' ')
    return [node.replace(folder, repositoryRoot), join(repositoryRoot, script)]
  })
  // Bundles are made by `npm run build`.
  const bundles = new Set(programs.map(bundleOf))
  expect(files.filter((file) => !bundles.has(file) && !existsSync(file))).toEqual([])
  expect(settings.get('PartOf')).toEqual(['omni2.target'])
  expect(settings.get('WantedBy')).toEqual(['omni2.target'])
})

test.each(services)(
  '$name - with what its unit gives - is well configured and stops in time',
  async (service) => {
    await using secrets = await openSecretsFolder(['--demo'])
    const unit = await readUnit(repositoryRoot, `omni2-${service.name}@`)
    const env = withSecretsFrom(secrets.path, environmentOf(unit))
    expect(checkConfiguration([service], () => env)).toEqual([])
    const { SHUTDOWN_DEADLINE_MS } = service.read(env)
    const [stopSeconds] = unit.settings.get('TimeoutStopSec') ?? []
    expect(Number(stopSeconds) * 1000).toBeGreaterThanOrEqual(Number(SHUTDOWN_DEADLINE_MS) + 2000)
  },
)

test.each(services)('$name - each variable of its unit - is one of the service', async ({ name, schema }) => {
  const env = environmentOf(await readUnit(repositoryRoot, `omni2-${name}@`))
  const ofNode = new Set(['NODE_COMPILE_CACHE'])
  const unknown = Object.keys(env).filter(
    (variable) => !ofNode.has(variable) && !(variable.replace(/_FILE$/, '') in schema.shape),
  )
  expect(unknown).toEqual([])
})

test.each(units)('%s - each secret - is one that make-secrets makes, and is used', async (name) => {
  await using secrets = await openSecretsFolder(['--demo'])
  const made = await readdir(secrets.path)
  const unit = await readUnit(repositoryRoot, name)
  const loaded = (unit.settings.get('LoadCredential') ?? []).map((line) => line.split(':')[0] ?? '')
  expect(loaded.filter((file) => !made.includes(file))).toEqual([])
  const used = Object.values(environmentOf(unit)).filter((value) =>
    value?.startsWith('/etc/omni2-chat/secrets/'),
  )
  expect(used.map((path) => path?.split('/').at(-1))).toEqual(loaded)
})

test('units - two instances of each service - listen on ports of their own', async () => {
  const instances = templates.flatMap((name) =>
    ['01', '02'].map((instance) => readUnit(repositoryRoot, name, instance)),
  )
  const envs = (await Promise.all(instances)).map(environmentOf)
  const ports = envs.flatMap((env) =>
    Object.entries(env).flatMap(([name, value]) => (name.endsWith('_PORT') ? [Number(value)] : [])),
  )
  expect(ports).toHaveLength(2 * (services.length + 3))
  expect(new Set(ports).size).toBe(ports.length)
  expect(new Set(envs.map((env) => env['INSTANCE_NAME'])).size).toBe(envs.length)
})

test('units - the owner of the database - is known to the migrations alone', async () => {
  const read = await Promise.all(units.map((name) => readUnit(repositoryRoot, name)))
  const owners = read.filter(({ settings }) =>
    settings.get('LoadCredential')?.join().includes('database-owner-url'),
  )
  expect(owners.map(({ name }) => name)).toEqual(['omni2-migrate'])
})
