import { readConfig, serviceVariables, wholeNumber, type Environment } from '@omni2/service-kit'
import { z } from 'zod'
import { modelPrices, parsePrices } from './model/prices.ts'

const variables = z.object({
  ...serviceVariables,
  NATS_URL: z.url(),
  /** Longest wait for the first connection to NATS. */
  NATS_CONNECT_DEADLINE_MS: wholeNumber({ min: 100 }).default(30_000),
  DATABASE_URL: z.url(),
  /** Statements wait for a connection; nothing holds one while a model streams. */
  DATABASE_POOL_MAX: wholeNumber({ min: 1, max: 100 }).default(10),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({ min: 100 }).default(10_000),
  /** Rates are counted in Redis; without it in this process alone. */
  REDIS_URL: z.url().optional(),
  ANTHROPIC_API_KEY: z.string().min(1),
  ANTHROPIC_BASE_URL: z.url().optional(),
  MODEL: z.string().min(1).default('claude-sonnet-5-5'),
  /** USD per million tokens of a model outside the price table: input,output,cache_read,cache_write. */
  MODEL_PRICES: z
    .string()
    .transform((value, context) => parsePrices(value) ?? (context.addIssue(pricesIssue), z.NEVER))
    .optional(),
  /** Longest reply in tokens. */
  MODEL_MAX_TOKENS: wholeNumber({ min: 1 }).default(8192),
  /** What of the model's context window earlier turns may fill, in estimated tokens; older turns are left out. */
  MODEL_HISTORY_TOKENS: wholeNumber({ min: 0 }).default(100_000),
  /** Earlier turns read from the database at most. */
  MODEL_HISTORY_TURNS: wholeNumber({ min: 0, max: 1000 }).default(100),
  MODEL_SYSTEM_PROMPT: z.string().default('You are a helpful assistant.'),
  /** Silence between two events of the model after which its stream counts as stalled. */
  MODEL_STALL_MS: wholeNumber({ min: 100 }).default(60_000),
  /** Model calls for one reply while nothing of it has been said. */
  MODEL_TRIES: wholeNumber({ min: 1, max: 10 }).default(3),
  /** Turns worked on at once; more wait in the queue for any worker with a free slot. */
  WORKER_TURNS: wholeNumber({ min: 1, max: 10_000 }).default(100),
  /** Longest turn from its claim to its end. */
  TURN_DEADLINE_MS: wholeNumber({ min: 1000 }).default(600_000),
  /** Claims of one turn before it is parked. */
  TURN_ATTEMPTS: wholeNumber({ min: 1, max: 100 }).default(5),
  /** How often a worker looks for turns that nobody will end. */
  SWEEP_INTERVAL_MS: wholeNumber({ min: 1000 }).default(30_000),
})

const pricesIssue = {
  code: 'custom',
  message: 'must be four numbers: input,output,cache_read,cache_write',
} as const

const priced = variables.refine((config) => config.MODEL_PRICES ?? modelPrices[config.MODEL], {
  path: ['MODEL'],
  message: `has no price; set MODEL_PRICES, or choose one of ${Object.keys(modelPrices).join(', ')}`,
})

export type Config = Readonly<z.infer<typeof priced>>

/** Reads the worker's configuration; throws ConfigError. A model without a price is an operator's error, never free. */
export const readWorkerConfig = (env: Environment): Config => readConfig(priced, env)
