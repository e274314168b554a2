import { readConfig, serviceVariables, wholeNumber, type Environment } from '@omni2/service-kit'
import { z } from 'zod'

export const recorderConfigSchema = z.object({
  ...serviceVariables,
  NATS_URL: z.string().min(1),
  /** Copies of a stream that is made, on as many NATS servers; fewer are raised by the migrate step, more are left. */
  NATS_STREAM_REPLICAS: wholeNumber({ min: 1, max: 5 }).default(1),

  DATABASE_URL: z.string().min(1),
  /** One batch is written at a time, so one connection works; the others stand by for its loss. */
  DATABASE_POOL_MAX: wholeNumber({ min: 1, max: 100 }).default(4),
  /** Longest time in milliseconds that a statement may take. */
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({ min: 100 }).default(10_000),

  /** A batch is written when it has this many messages; as many more are fetched ahead at most. */
  RECORDER_BATCH_MESSAGES: wholeNumber({ min: 1, max: 5_000 }).default(500),
  /** … or when its payloads have this many bytes together; its last message may exceed it. */
  RECORDER_BATCH_BYTES: wholeNumber({ min: 1 }).default(8 * 1024 * 1024),
  /** … or when its first message has waited this long, in milliseconds. */
  RECORDER_BATCH_MS: wholeNumber({ min: 1, max: 10_000 }).default(200),
  /** Longest pause in milliseconds between two tries to write a batch; the first is 100 ms, each next twice as long. */
  RECORDER_RETRY_MAX_MS: wholeNumber({ min: 100 }).default(5_000),
})

export type RecorderConfig = Readonly<z.infer<typeof recorderConfigSchema>>

/** Reads the variables of `flow-recorder`; throws ConfigError with every bad one. */
export const readRecorderConfig = (env: Environment): RecorderConfig => readConfig(recorderConfigSchema, env)
