import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { checkVariables } from './check-variables.ts'
import { namedValues } from './named-values.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Configuration that cannot be used; its message names every bad variable, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Bad configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads a service's variables by its schema (keys are variable names), frozen. An empty value counts as unset; NAME_FILE
 * names a file that holds NAME. Throws ConfigError with all problems at once and never prints a value.
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: Environment): Readonly<z.infer<S>> {
  const { texts, unread, problems } = readTexts(Object.keys(schema.shape), env)
  problems.push(...checkVariables(schema, texts, unread))
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(schema.parse(texts))
}

function readTexts(names: readonly string[], env: Environment) {
  const texts: Record<string, string> = {}
  const unread = new Set<string>()
  const problems: string[] = []
  for (const name of names) {
    const { [name]: value, [`${name}_FILE`]: path } = env
    if (!path) {
      if (value) texts[name] = value
      continue
    }
    if (value) problems.push(`${name}: set it or ${name}_FILE, not both`)
    try {
      texts[name] = readFileSync(path, 'utf8').trim()
    } catch {
      problems.push(`${name}_FILE: the file cannot be read`)
      unread.add(name)
    }
  }
  return { texts, unread, problems }
}

/** Schema of a whole number in a variable, with its bounds. */
export const wholeNumber = (bounds: { min?: number; max?: number } = {}) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(
      z
        .number()
        .min(bounds.min ?? 0)
        .max(bounds.max ?? Number.MAX_SAFE_INTEGER),
    )

/** Schema of a comma-separated list in a variable. */
export const listOfWords = z.string().transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
)

/** Schema of a share in a variable, from 0 to 1. */
export const share = z
  .string()
  .regex(/^(?:0|1|[01]?\.\d+)$/, 'must be a number from 0 to 1')
  .transform(Number)
  .pipe(z.number().max(1))

/** Variables that every service knows. */
export const serviceVariables = {
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Name of this process in logs, frames and rows; must differ between replicas. */
  INSTANCE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, - and _ only')
    .optional(),
  /** Address and port of /livez, /readyz and /metrics; port 0 takes any free one. */
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: wholeNumber({ max: 65_535 }).default(0),
  /** Base URL of an OTLP/HTTP collector of traces; without one nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).optional(),
  /** Headers of what is sent there: name=value, separated by commas. */
  OTEL_EXPORTER_OTLP_HEADERS: namedValues.optional(),
  /** Share of turns that are traced, from 0 to 1. */
  OTEL_TRACES_SAMPLER_ARG: share.default(1),
  /**
   * How long the event loop may stand still before the process is killed, to be started again by what supervises it. Of
   * workers it must pass before NATS gives their turns to others, 7 s.
   */
  EVENT_LOOP_STALL_MS: wholeNumber({ min: 1000 }).default(5000),
  /** Longest orderly shutdown in milliseconds. */
  SHUTDOWN_DEADLINE_MS: wholeNumber({ min: 100 }).default(25_000),
} as const

/** Values of the variables that every service knows. */
export type ServiceConfig = Readonly<z.infer<z.ZodObject<typeof serviceVariables>>>
