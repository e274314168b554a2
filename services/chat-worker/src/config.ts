import { isRedisAddress, redisAddressForm } from '@omni2/rates'
import { listOfRanges, readConfig, serviceVariables, wholeNumber, type Environment } from '@omni2/service-kit'
import { z } from 'zod'
import { parsePrices } from './prices.ts'
import { parseStdioServers } from './parse-stdio-servers.ts'

export const workerConfigSchema = z.object({
  ...serviceVariables,
  NATS_URL: z.string().min(1),
  /** Copies of a stream that is made, on as many NATS servers; fewer are raised by the migrate step, more are left. */
  NATS_STREAM_REPLICAS: wholeNumber({ min: 1, max: 5 }).default(1),
  DATABASE_URL: z.url(),
  /** Statements wait for a connection; nothing holds one while a model streams. */
  DATABASE_POOL_MAX: wholeNumber({ min: 1, max: 100 }).default(10),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({ min: 100 }).default(10_000),
  /** Statements that a connection keeps prepared at most; 0 where a pooler stands between that cannot keep any. */
  DATABASE_PREPARED_STATEMENTS: wholeNumber({ min: 0, max: 1000 }).default(100),
  /** Rates are counted in Redis; without it in this process alone. */
  REDIS_URL: z.string().refine(isRedisAddress, redisAddressForm).optional(),
  /** New connections a minute of one user, and of one address (an IPv6 one with its /64); more are closed with 4429. */
  CONNECTIONS_PER_USER_PER_MINUTE: wholeNumber({ min: 1 }).default(120),
  CONNECTIONS_PER_ADDRESS_PER_MINUTE: wholeNumber({ min: 1 }).default(600),
  /** How many times as many may be connections that go on with a conversation of their user. */
  CONNECTIONS_RESUME_FACTOR: wholeNumber({ min: 1, max: 100 }).default(4),
  ANTHROPIC_API_KEY: z.string().min(1),
  ANTHROPIC_BASE_URL: z.url().optional(),
  MODEL: z.string().min(1).default('claude-sonnet-5-5'),
  /** USD per million tokens, input,output,cache_read,cache_write, in place of the price in the database. */
  MODEL_PRICES: z
    .string()
    .transform((value, context) => parsePrices(value) ?? (context.addIssue(pricesIssue), z.NEVER))
    .optional(),
  /** How long the price in the database is believed where nothing says that it changed. */
  MODEL_PRICE_MAX_AGE_MS: wholeNumber({ min: 1000 }).default(60_000),
  /** Context window of the model in tokens, prompt and reply together; without it the published one, 200,000 where that is not known. */
  MODEL_CONTEXT_TOKENS: wholeNumber({ min: 1000 }).optional(),
  /** Longest reply in tokens. */
  MODEL_MAX_TOKENS: wholeNumber({ min: 1 }).default(8192),
  /** Shortest reply that is worth beginning where limits leave no room for the longest; at most three quarters of that. */
  MODEL_MIN_OUTPUT_TOKENS: wholeNumber({ min: 1 }).default(256),
  /** What of the model's context window earlier turns may fill, in estimated tokens; older turns are left out. */
  MODEL_HISTORY_TOKENS: wholeNumber({ min: 0 }).default(100_000),
  /** Earlier turns read from the database at most. */
  MODEL_HISTORY_TURNS: wholeNumber({ min: 0, max: 1000 }).default(100),
  MODEL_SYSTEM_PROMPT: z.string().default('You are a helpful assistant.'),
  /** Silence between two events of the model after which its stream counts as stalled. */
  MODEL_STALL_MS: wholeNumber({ min: 100 }).default(60_000),
  /** Model calls for one reply while nothing of it has been said. */
  MODEL_TRIES: wholeNumber({ min: 1, max: 10 }).default(3),
  /** Failed model calls in a row, of all turns, after which the model is left alone, and for how long. */
  MODEL_BREAKER_FAILURES: wholeNumber({ min: 1 }).default(10),
  MODEL_BREAKER_OPEN_MS: wholeNumber().default(10_000),
  /** Replies of one turn that may ask for tools; then the model answers without them. */
  MODEL_TOOL_ROUNDS: wholeNumber({ min: 1, max: 1000 }).default(10),
  /** Tool calls of one reply that are made; those beyond are refused. */
  MODEL_TOOL_CALLS: wholeNumber({ min: 1, max: 100 }).default(16),
  /** Address ranges (CIDR) of MCP servers that may be reached although they are not public. */
  MCP_ALLOWED_PRIVATE_CIDRS: listOfRanges.prefault(''),
  /** MCP servers that run as processes of this worker: {"name": {"command", "args"?, "env"?}}; a row may name one. */
  MCP_STDIO_SERVERS: z
    .string()
    .transform((text, context) => parseStdioServers(text) ?? (context.addIssue(stdioIssue), z.NEVER))
    .prefault('{}'),
  MCP_CONNECT_TIMEOUT_MS: wholeNumber({ min: 100 }).default(5000),
  /** Longest tool call, whatever a server's row says. */
  MCP_CALL_TIMEOUT_MS: wholeNumber({ min: 100, max: 300_000 }).default(60_000),
  /** Tool calls of this worker at once; more wait. */
  MCP_PARALLEL_CALLS: wholeNumber({ min: 1, max: 10_000 }).default(50),
  /** Bytes of a tool's result that the model is shown; the rest is cut off, and a note says so. */
  MCP_RESULT_MAX_BYTES: wholeNumber({ min: 256 }).default(65_536),
  /** Bytes of one response of a server; a longer one fails the call. */
  MCP_RESPONSE_MAX_BYTES: wholeNumber({ min: 1024 }).default(8_388_608),
  /** How long the rows of the servers are believed. */
  MCP_SERVERS_MAX_AGE_MS: wholeNumber().default(5000),
  /** Age at which a server's tools are read again, while the known ones are used. */
  MCP_LIST_MAX_AGE_MS: wholeNumber({ min: 1000 }).default(300_000),
  /** Longest wait of a turn for tools that are not known yet; it goes on without them. */
  MCP_LIST_WAIT_MS: wholeNumber().default(2000),
  /** Pause before a server that did not list its tools is asked again. */
  MCP_LIST_RETRY_MS: wholeNumber().default(10_000),
  /** Tools of one server; those beyond, by name, are left out. */
  MCP_LIST_MAX_TOOLS: wholeNumber({ min: 1, max: 1000 }).default(200),
  /** Failures in a row after which a server is left alone, and for how long. */
  MCP_BREAKER_FAILURES: wholeNumber({ min: 1 }).default(5),
  MCP_BREAKER_OPEN_MS: wholeNumber().default(30_000),
  /** Turns worked on at once; more wait in the queue for any worker with a free slot. */
  WORKER_TURNS: wholeNumber({ min: 1, max: 10_000 }).default(400),
  /** Longest turn from its claim to its end. */
  TURN_DEADLINE_MS: wholeNumber({ min: 1000 }).default(600_000),
  /** Claims of one turn before it is parked. */
  TURN_ATTEMPTS: wholeNumber({ min: 1, max: 100 }).default(5),
  /** How often a worker looks whether the users of its running turns may still chat. */
  RECHECK_INTERVAL_MS: wholeNumber({ min: 100 }).default(60_000),
  /** Days after which turns that were refused before anything ran are deleted, with all that was recorded of them. */
  REFUSED_TURNS_DAYS: wholeNumber({ min: 1, max: 36_500 }).default(30),
  /** How often a worker looks for turns that no worker will end. */
  SWEEP_INTERVAL_MS: wholeNumber({ min: 1000 }).default(30_000),
})

const stdioIssue = {
  code: 'custom',
  message: 'must be {"name": {"command", "args"?, "env"?}}',
} as const

const pricesIssue = {
  code: 'custom',
  message: 'must be four numbers: input,output,cache_read,cache_write',
} as const

export type Config = Readonly<z.infer<typeof workerConfigSchema>>

/** Reads the worker's configuration; throws ConfigError. */
export const readWorkerConfig = (env: Environment): Config => readConfig(workerConfigSchema, env)
