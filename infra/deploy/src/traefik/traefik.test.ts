import { expect, test } from 'vitest'
import { describeCrossOrigin, identityHeaders } from '@omni2/contracts'
import { listOfWords } from '@omni2/service-kit'
import { z } from 'zod'
import { makeRoutes } from '@omni2/local/gateway-routes'
import { readComposeFile } from '../compose/compose-file.ts'
import { makeServiceEnvironment } from '../compose/service-environment.ts'
import { repositoryRoot } from '../repository-root.ts'
import { readRouting, readRulePath, readStartUp } from './read-traefik.ts'

const routing = await readRouting(repositoryRoot)
const startUp = await readStartUp(repositoryRoot)
const compose = await readComposeFile(repositoryRoot, {})
const identityNames = Object.values(identityHeaders).toSorted()
const upstreams = { AUTH_URL: 'http://auth', EDGE_URLS: ['http://edge'], CONSOLE_URL: 'http://console' }
const lowered = (names: readonly string[]) => names.map((name) => name.toLowerCase()).toSorted()

test('traefik - routes - are those of the local gateway, with its priorities and its ForwardAuth', () => {
  const gateway = makeRoutes(upstreams).all.map((route) => ({
    path: route.path,
    priority: route.priority,
    service: route.name,
    forwardAuth: route.forwardAuth,
  }))
  const traefik = Object.values(routing.routers).map(({ rule, priority, service, middlewares }) => ({
    path: readRulePath(rule),
    priority,
    service,
    forwardAuth: middlewares.includes('vouched'),
  }))
  const byPath = (a: { path: string }, b: { path: string }) => a.path.localeCompare(b.path)
  expect(traefik.toSorted(byPath)).toEqual(gateway.toSorted(byPath))
})

test('traefik - routes under one another - have the longer path first', () => {
  const routes = Object.values(routing.routers).map(({ rule, priority }) => ({
    path: readRulePath(rule),
    priority,
  }))
  const isUnder = (inner: string, outer: string) =>
    inner !== outer && inner.startsWith(`${outer}/`.replace('//', '/'))
  const pairs = routes.flatMap((inner) =>
    routes.filter(({ path }) => isUnder(inner.path, path)).map((outer) => ({ inner, outer })),
  )
  expect(pairs.length).toBeGreaterThan(1)
  expect(pairs.filter(({ inner, outer }) => inner.priority <= outer.priority)).toEqual([])
})

test('traefik - identity headers of clients - are removed at the entry point', () => {
  const [name, ...others] = startUp.entryPoints['web']?.http?.middlewares ?? []
  expect([name, others]).toEqual(['strip-identity@file', []])
  const stripped = routing.middlewares['strip-identity']?.['headers'] as { customRequestHeaders: object }
  expect(lowered(Object.keys(stripped.customRequestHeaders))).toEqual(identityNames)
  expect(new Set(Object.values(stripped.customRequestHeaders))).toEqual(new Set(['']))
  expect(startUp.entryPoints['web']?.http?.aliasHeadersStrategy).toBe('reject')
  expect(startUp.entryPoints['web']?.forwardedHeaders?.trustedIPs).toEqual([])
})

test('traefik - ForwardAuth - asks auth, and takes over every identity header of its answer', () => {
  const asked = routing.middlewares['vouched']?.['forwardAuth'] as Record<string, unknown>
  expect(asked['address']).toBe(`http://auth:${environmentOf('auth')['AUTH_PORT']}/validate`)
  expect(lowered(asked['authResponseHeaders'] as string[])).toEqual(identityNames)
  const passed = lowered(asked['authRequestHeaders'] as string[])
  expect(passed).toEqual(['authorization', 'cookie', 'origin', 'sec-fetch-site', 'user-agent'])
})

test('traefik - what needs no proof - is limited for each address', () => {
  const open = Object.entries(routing.routers).filter(
    ([, { middlewares }]) => !middlewares.includes('vouched'),
  )
  const services = open.map(([name, { service, middlewares }]) => [name, service, middlewares.at(-1)])
  expect(services).toEqual([
    ['auth', 'auth', 'login-rate'],
    ['keys', 'auth', 'login-rate'],
    ...['pages', 'login', 'chat', 'analytics', 'live', 'admin', 'assets', 'favicon'].map((name) => [
      name,
      'console',
      'page-rate',
    ]),
  ])
  for (const rate of ['login-rate', 'page-rate'])
    expect(routing.middlewares[rate]).toHaveProperty('rateLimit.average')
})

test('traefik - pages of other origins - may read its answers as they may read those of auth and the edges', async () => {
  const reachable = Object.entries(routing.routers).filter(([, { middlewares }]) =>
    middlewares.includes('other-origins'),
  )
  expect(reachable.map(([name]) => name).toSorted()).toEqual(['ask', 'ask-under-api', 'auth'])
  // Before ForwardAuth and the rate, or their refusals could not be read, and preflights would need proof.
  for (const [, { middlewares }] of reachable) expect(middlewares[0]).toBe('other-origins')
  const page = { origin: 'https://app.example.org' }
  const asked = { ...page, 'access-control-request-method': 'POST' }
  const isAllowed = () => true
  const read = describeCrossOrigin(page, { isAllowed })
  const preflight = describeCrossOrigin(asked, { isAllowed })
  const listOf = (name: string, headers = preflight) => headers[name]?.split(', ')
  expect(routing.middlewares['other-origins']?.['headers']).toEqual({
    accessControlAllowOriginList: '{{ env "OMNI2_ORIGINS" }}',
    accessControlAllowCredentials: preflight['access-control-allow-credentials'] === 'true',
    accessControlAllowMethods: listOf('access-control-allow-methods'),
    accessControlAllowHeaders: ['*'],
    accessControlExposeHeaders: listOf('access-control-expose-headers', read),
    accessControlMaxAge: Number(preflight['access-control-max-age']),
    addVaryHeader: true,
  })
  const listed = await readComposeFile(repositoryRoot, { OMNI2_ORIGINS: page.origin })
  expect(makeServiceEnvironment('traefik', listed, repositoryRoot)).toHaveProperty(
    'OMNI2_ORIGINS',
    page.origin,
  )
})

test('traefik - behind a balancer - separates clients by the address from the balancer, else by their own address', () => {
  const { excludedIPs, depth, ipv6Subnet } = z
    .looseObject({ excludedIPs: z.array(z.string()).default([]), depth: z.number().optional() })
    .parse(ipStrategyOf('login-rate'))
  // Without trusted balancers X-Forwarded-For is empty, and by it all clients would be one.
  expect(excludedIPs).toEqual(startUp.entryPoints['web']?.forwardedHeaders?.trustedIPs)
  expect([depth, ipv6Subnet]).toEqual([undefined, 64])
})

test('traefik - every name it uses - is declared, and every service is where compose has it', () => {
  for (const router of Object.values(routing.routers)) {
    expect(Object.keys(routing.services)).toContain(router.service)
    for (const name of router.middlewares) expect(Object.keys(routing.middlewares)).toContain(name)
    for (const name of router.entryPoints) expect(Object.keys(startUp.entryPoints)).toContain(name)
  }
  const ports: Record<string, string> = { auth: 'AUTH_PORT', 'ws-edge': 'EDGE_PORT', console: 'CONSOLE_PORT' }
  for (const [name, { loadBalancer }] of Object.entries(routing.services)) {
    expect(loadBalancer.servers).toEqual([
      { url: `http://${name}:${environmentOf(name)[ports[name] ?? '']}` },
    ])
    expect(Object.keys(routing.serversTransports)).toContain(loadBalancer.serversTransport)
    expect(compose.services[name]?.networks).toContain('front')
  }
})

test('traefik - the image - is one that refuses aliases of headers', () => {
  const [major, minor, patch] =
    /^traefik:v(\d+)\.(\d+)\.(\d+)$/.exec(compose.services['traefik']?.image ?? '')?.slice(1) ?? []
  expect([Number(major), Number(minor)]).toEqual([3, 7])
  expect(Number(patch)).toBeGreaterThanOrEqual(13)
})

test('traefik - what services believe about clients - comes from its network, and a balancer where one is named', async () => {
  const { ipam } = compose.networks['front'] as { ipam: { config: { subnet: string }[] } }
  const balanced = await readComposeFile(repositoryRoot, { OMNI2_BALANCERS: '10.1.0.0/16,10.2.0.0/16' })
  for (const [service, name] of [
    ['auth', 'AUTH_TRUSTED_PROXIES'],
    ['ws-edge', 'EDGE_TRUSTED_PROXIES'],
  ] as const) {
    const subnet = ipam.config[0]?.subnet
    expect(listOfWords.parse(environmentOf(service)[name])).toEqual([subnet])
    expect(listOfWords.parse(environmentOf(service, balanced)[name])).toEqual([
      subnet,
      '10.1.0.0/16',
      '10.2.0.0/16',
    ])
  }
})

const environmentOf = (name: string, file = compose) => makeServiceEnvironment(name, file, repositoryRoot)

const ipStrategyOf = (name: string): unknown =>
  z
    .object({ rateLimit: z.object({ sourceCriterion: z.object({ ipStrategy: z.unknown() }) }) })
    .parse(routing.middlewares[name]).rateLimit.sourceCriterion.ipStrategy
