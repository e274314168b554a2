import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { natsUsers } from '@omni2/contracts'
import { images } from '@omni2/local-servers'
import { checkConfiguration } from '../configuration/check-configuration.ts'
import { services } from '../configuration/services.ts'
import { secretNames } from '../configuration/shared-meanings.ts'
import { repositoryRoot } from '../repository-root.ts'
import { readComposeFile } from './compose-file.ts'
import { openSecretsFolder } from './secrets-folder.ts'
import { makeServiceEnvironment } from './service-environment.ts'

const secrets = await openSecretsFolder(['--demo'])
afterAll(() => secrets[Symbol.asyncDispose]())
const compose = await readComposeFile(repositoryRoot, { OMNI2_SECRETS: secrets.path })
const all = Object.entries(compose.services)
const ours = all.filter(([, { build }]) => build !== undefined)
// `up` starts the first ones; the last one is run by hand.
const jobsOfUp = ['migrate', 'streams', 'seed']
const jobs = [...jobsOfUp, 'bootstrap']
// Its image has no program to ask it with.
const unwatched = new Set([...jobs, 'tempo'])
const environmentOf = (name: string) => makeServiceEnvironment(name, compose, repositoryRoot)

test('compose - the environment of each service, in production - is what its schema takes', () => {
  expect(checkConfiguration(services, environmentOf)).toEqual([])
  for (const { name } of services) expect(environmentOf(name)['NODE_ENV']).toBe('production')
})

test('compose - a secret that is a demo value - is refused by the service', () => {
  const given = {
    ...environmentOf('ws-edge'),
    RESUME_TOKEN_SECRET_FILE: '',
    RESUME_TOKEN_SECRET: 'x'.repeat(40),
  }
  const [edge] = checkConfiguration(
    services.filter(({ name }) => name === 'ws-edge'),
    () => given,
  )
  expect(edge?.problems.join()).toContain('RESUME_TOKEN_SECRET: is a demo value')
})

test.each(services)(
  'compose - $name - gets variables that it knows, and secrets as files',
  ({ name, schema }) => {
    const given = Object.keys(compose.services[name]?.environment ?? {})
    const known = new Set(Object.keys(schema.shape))
    expect(given.filter((key) => !known.has(key.replace(/_FILE$/, '')))).toEqual([])
    expect(given.filter((key) => secretNames.has(key))).toEqual([])
  },
)

test('compose - each service - has as long to end as its configuration says, and more', () => {
  for (const { name, read } of services) {
    const { SHUTDOWN_DEADLINE_MS } = read(environmentOf(name))
    const grace = /^(\d+)s$/.exec(compose.services[name]?.stop_grace_period ?? '')?.[1]
    expect({ name, isLonger: Number(grace) * 1000 >= Number(SHUTDOWN_DEADLINE_MS) + 2000 }).toEqual({
      name,
      isLonger: true,
    })
  }
})

test.each(all)('compose - %s - is confined, bounded and watched', (name, service) => {
  expect(service).toMatchObject({
    read_only: true,
    init: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    deploy: {
      resources: {
        limits: { cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) },
      },
    },
  })
  expect(service['privileged']).toBeUndefined()
  expect(service['cap_add']).toBeUndefined()
  expect(service.volumes.filter((volume) => volume.includes('docker.sock'))).toEqual([])
  expect(service.healthcheck !== undefined).toBe(!unwatched.has(name))
  expect(service['restart'] === 'unless-stopped').toBe(!jobs.includes(name))
})

test('compose - health checks of our services - ask the port that they serve health on', () => {
  for (const { name, read } of services) {
    const { HEALTH_PORT } = read(environmentOf(name))
    expect(compose.services[name]?.healthcheck?.test.join(' ')).toContain(
      `127.0.0.1:${String(HEALTH_PORT)}/readyz`,
    )
  }
})

test('compose - ports - are those of Traefik, and of the three servers on this machine only', () => {
  const published = all.flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`))
  expect(published.filter((port) => !/ 127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([])
  // A container name, or a port of one replica, would forbid a second one.
  for (const { name } of services) {
    expect(compose.services[name]?.ports).toEqual([])
    expect(compose.services[name]?.['container_name']).toBeUndefined()
  }
})

test('compose - edges - reach neither the database nor Redis', () => {
  const edge = compose.services['ws-edge']
  for (const name of ['postgres', 'redis']) {
    const reached = compose.services[name]?.networks.filter((network) => edge?.networks.includes(network))
    expect(reached).toEqual([])
  }
})

test('compose - what reads or writes the database - waits for the migrations', () => {
  for (const [name, service] of ours) {
    if (name === 'migrate' || !service.secrets.some(({ source }) => source === 'database-url')) continue
    expect([name, service.depends_on['migrate']]).toEqual([
      name,
      { condition: 'service_completed_successfully' },
    ])
  }
})

test('compose - a job - is waited for by something, else `up --wait` takes its end for a failure', () => {
  for (const job of jobsOfUp) {
    const waiting = all.filter(
      ([, { depends_on: needs }]) => needs[job]?.condition === 'service_completed_successfully',
    )
    expect([job, waiting.length > 0]).toEqual([job, true])
  }
})

test('compose - networks, volumes, secrets and files - are all declared and there', async () => {
  const used = all.map(([, service]) => service)
  const sources = used.flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
  const files = sources.filter((source) => source.startsWith('./'))
  for (const file of files) await access(join(repositoryRoot, file))
  const volumes = sources.filter((source) => !files.includes(source))
  expect(Object.keys(compose.volumes).toSorted()).toEqual(volumes.toSorted())
  const networks = new Set(used.flatMap((service) => service.networks))
  expect(Object.keys(compose.networks).toSorted()).toEqual([...networks].toSorted())
  const needed = used.flatMap((service) => Object.keys(service.depends_on))
  expect(needed.filter((name) => compose.services[name] === undefined)).toEqual([])
})

test('compose - secrets - are used, and made by infra/make-secrets.sh', async () => {
  const used = new Set(all.flatMap(([, service]) => service.secrets.map(({ source }) => source)))
  expect(Object.keys(compose.secrets).toSorted()).toEqual([...used].toSorted())
  const files = Object.values(compose.secrets).map(({ file }) => file.slice(secrets.path.length + 1))
  expect((await readdir(secrets.path)).toSorted()).toEqual(files.toSorted())
})

test('compose - each NATS user - is the one of the service that gets it', async () => {
  for (const user of natsUsers) {
    const service = user === 'migrate' ? 'streams' : user
    const file = compose.secrets[`nats-url-${user}`]?.file ?? ''
    expect(new URL(await readFile(file, 'utf8')).username).toBe(user)
    expect(compose.services[service]?.secrets.map(({ source }) => source)).toContain(`nats-url-${user}`)
  }
})

test('compose - images of the servers - are those that npm start and the tests use', () => {
  expect(compose.services['postgres']?.image).toBe(images.postgres)
  expect(compose.services['nats']?.image).toBe(images['nats-server'])
  expect(compose.services['redis']?.image).toBe(images['redis-server'])
})

test('compose - our images - are the ones that the Dockerfile can make', async () => {
  const gather = await readFile(join(repositoryRoot, 'infra/docker/gather-image.sh'), 'utf8')
  const known = [...gather.matchAll(/^([a-z-]+(?: \| [a-z-]+)*)\) folder=/gm)].flatMap(([, names = '']) =>
    names.split(' | '),
  )
  const asked = ours.map(([, { build }]) => build?.args['SERVICE'])
  expect(new Set(asked)).toEqual(new Set(known))
  for (const [, { image, build }] of ours) expect(image).toBe(`omni2-chat/${build?.args['SERVICE']}:latest`)
})
