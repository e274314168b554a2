import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const router = z.strictObject({
  rule: z.string(),
  priority: z.number(),
  entryPoints: z.array(z.string()),
  middlewares: z.array(z.string()).default([]),
  service: z.string(),
})

const service = z.strictObject({
  loadBalancer: z.strictObject({
    serversTransport: z.string(),
    servers: z.array(z.strictObject({ url: z.url() })),
  }),
})

const dynamicFile = z.strictObject({
  http: z.strictObject({
    routers: z.record(z.string(), router).default({}),
    services: z.record(z.string(), service).default({}),
    middlewares: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    serversTransports: z.record(z.string(), z.unknown()).default({}),
  }),
})

export type Routing = z.infer<typeof dynamicFile>['http']

/** The files under infra/traefik/dynamic, merged as Traefik's file provider merges them. */
export async function readRouting(root: string): Promise<Routing> {
  const merged: Routing = { routers: {}, services: {}, middlewares: {}, serversTransports: {} }
  for await (const file of glob('infra/traefik/dynamic/*.yml', { cwd: root })) {
    const { http } = dynamicFile.parse(parse(await readFile(join(root, file), 'utf8')))
    for (const kind of ['routers', 'services', 'middlewares', 'serversTransports'] as const)
      Object.assign(merged[kind], http[kind])
  }
  return merged
}

const entryPoint = z.looseObject({
  address: z.string(),
  http: z.looseObject({ aliasHeadersStrategy: z.string(), middlewares: z.array(z.string()) }).optional(),
  forwardedHeaders: z.looseObject({ trustedIPs: z.array(z.string()).default([]) }).optional(),
})

const staticFile = z.looseObject({
  entryPoints: z.record(z.string(), entryPoint),
  providers: z.strictObject({ file: z.looseObject({ directory: z.string() }) }),
})

/** Traefik's start-up configuration. */
export async function readStartUp(root: string): Promise<z.infer<typeof staticFile>> {
  return staticFile.parse(parse(await readFile(join(root, 'infra/traefik/traefik.yml'), 'utf8')))
}

/** The path of a rule in the form of all rules here: the path itself and everything below it. */
export function readRulePath(rule: string): string {
  if (rule === 'Path(`/`)') return '/'
  const [, exact, below] = /^Path\(`([^`]+)`\) \|\| PathPrefix\(`([^`]+)\/`\)$/.exec(rule) ?? []
  if (exact === undefined || exact !== below) throw new Error(`the rule ${rule} has another form`)
  return exact
}
