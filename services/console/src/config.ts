import { defaultPasswordCost } from '@omni2/passwords'
import { z } from 'zod'
import {
  listOfOrigins,
  listOfWords,
  readConfig,
  serviceVariables,
  wholeNumber,
  type Environment,
} from '@omni2/service-kit'

export const consoleConfigSchema = z.object({
  ...serviceVariables,
  /** Address and port of /api/admin/v1; port 0 takes any free one. */
  CONSOLE_HOST: z.string().default('127.0.0.1'),
  CONSOLE_PORT: wholeNumber({ max: 65_535 }).default(8083),
  /** Largest request body in bytes; more is answered 413. */
  CONSOLE_BODY_BYTES: wholeNumber({ min: 1024 }).default(256 * 1024),
  /** Connections at once; more are refused. */
  CONSOLE_MAX_CONNECTIONS: wholeNumber({ min: 1 }).default(500),
  /** Requests of one operator in a minute at this process; more are answered 429. */
  CONSOLE_REQUESTS_PER_MINUTE: wholeNumber({ min: 1 }).default(600),

  NATS_URL: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  DATABASE_POOL_MAX: wholeNumber({ min: 1, max: 100 }).default(5),
  /** Longest time in milliseconds that a statement may take; also bounds how long a change waits for another of the same. */
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({ min: 5_000 }).default(10_000),

  /** Where `auth` serves the public keys of the identity assertion. */
  AUTH_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  /** How far the clock of `auth` may be off, in seconds. */
  AUTH_CLOCK_TOLERANCE_SECONDS: wholeNumber({ max: 5 }).default(5),
  /** Origins of pages that may log in and chat, beside the site's own: comma-separated, as browsers write them. */
  OMNI2_ORIGINS: listOfOrigins.default([]),
  /** Origins of pages that may change things, in place of the site's own; OMNI2_ORIGINS are enough for most. */
  ALLOWED_ORIGINS: listOfOrigins.default([]),

  /** Roles that may change things, and roles that may only look; everybody else may neither. */
  ADMIN_ROLES: listOfWords.default(['admin', 'super_admin']),
  OPERATOR_ROLES: listOfWords.default(['operator']),

  /** Whether users see in the chat that operators may follow their turns, and until when. */
  CONSOLE_MONITORING_NOTICE: z.enum(['shown', 'hidden']).default('shown'),

  /** Users whose edges are notified of one change to a role; edges find the others at their own check. */
  CONSOLE_ANNOUNCED_USERS: wholeNumber({ min: 1 }).default(10_000),
  /** bcrypt cost of passwords that operators set; `auth` brings them to its own at the first login. */
  CONSOLE_PASSWORD_COST: wholeNumber({ min: 4, max: 15 }).default(defaultPasswordCost),
  /** Passwords that may wait for the one thread that makes their hashes; one more is answered 429. */
  CONSOLE_PASSWORD_QUEUE: wholeNumber({ min: 1 }).default(20),
  /** Live feeds at once; one more is answered 429. */
  CONSOLE_LIVE_FEEDS: wholeNumber({ min: 1 }).default(50),
  /** Pause in milliseconds between two comments in a live feed, and between two checks that it may still be read. */
  CONSOLE_LIVE_COMMENT_MS: wholeNumber({ min: 50 }).default(15_000),
  /** Longest wait for a worker that writes down a cancel, in milliseconds. */
  CONSOLE_CANCEL_TIMEOUT_MS: wholeNumber({ min: 100, max: 4_000 }).default(4_000),
  /** Longest wait for a worker that asks an MCP server for its tools, in milliseconds. */
  CONSOLE_TOOLS_TIMEOUT_MS: wholeNumber({ min: 100 }).default(8_000),
})

export type ConsoleConfig = Readonly<z.infer<typeof consoleConfigSchema>>

/** Reads the variables of the console; throws ConfigError with every bad one. */
export const readConsoleConfig = (env: Environment): ConsoleConfig => readConfig(consoleConfigSchema, env)
