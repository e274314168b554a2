import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '@omni2/service-kit'
import { parse } from 'yaml'
import { z } from 'zod'
import { interpolate } from './interpolate.ts'

const secretUse = z.union([
  z.string().transform((source) => ({ source, target: `/run/secrets/${source}` })),
  z.object({ source: z.string(), target: z.string() }),
])

const composeService = z.looseObject({
  image: z.string(),
  build: z.object({ context: z.string(), args: z.record(z.string(), z.string()) }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  env_file: z.array(z.object({ path: z.string(), required: z.boolean() })).default([]),
  secrets: z.array(secretUse).default([]),
  networks: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  stop_grace_period: z.string().optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
})

const composeFile = z.looseObject({
  services: z.record(z.string(), composeService),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
})

export type ComposeFile = z.infer<typeof composeFile>

/** Reads docker-compose.yml with the variables of `env` put in. */
export async function readComposeFile(root: string, env: Environment): Promise<ComposeFile> {
  const text = await readFile(join(root, 'docker-compose.yml'), 'utf8')
  // After parsing, as compose does it: a value must not become syntax.
  return composeFile.parse(mapTexts(parse(text, { merge: true }), (value) => interpolate(value, env)))
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]))
}
