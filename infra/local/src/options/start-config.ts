import { address } from '@omni2/cli/address'
import { z } from 'zod'
import { type Environment, readConfig, wholeNumber } from '@omni2/service-kit'

/** An address, or several, separated by commas. */
const addresses = (...schemes: readonly string[]) => {
  const one = address(...schemes)
  return z
    .string()
    .refine(
      (text) => text.split(',').every((part) => one.safeParse(part.trim()).success),
      `must be URLs, separated by commas, that begin with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    )
}

/** Variables of `npm start` itself; everything else in the environment or `.env` is handed to the services. */
export const startConfigSchema = z.object({
  /** A Postgres to use instead of starting one. */
  DATABASE_URL: address('postgres:', 'postgresql:').optional(),
  /** The services' login to a given Postgres; migrations create this role, which owns nothing. Default: DATABASE_URL. */
  DATABASE_SERVICE_URL: address('postgres:', 'postgresql:').optional(),
  /** A NATS with JetStream to use instead of starting one, of a cluster several addresses with commas between; every service uses it with these credentials. */
  NATS_URL: addresses('nats:', 'tls:').optional(),
  /** Copies of each stream, on as many servers of a given NATS; fewer are raised at each start, more are left. */
  NATS_STREAM_REPLICAS: wholeNumber({ min: 1, max: 5 }).default(1),
  /** A Redis to use instead of starting one. */
  REDIS_URL: address('redis:', 'rediss:').optional(),
  /** Key for the model's API; without it (and without ANTHROPIC_BASE_URL) the model is simulated. */
  ANTHROPIC_API_KEY: z.string().optional(),
  /** Another server that speaks the Anthropic Messages API. */
  ANTHROPIC_BASE_URL: address('http:', 'https:').optional(),
  /** The model that answers. */
  MODEL: z.string().default('claude-sonnet-5-5'),
})

export type StartConfig = Readonly<z.infer<typeof startConfigSchema>>

/** Reads the variables of `npm start`; throws ConfigError with every bad one. */
export const readStartConfig = (env: Environment): StartConfig => readConfig(startConfigSchema, env)
