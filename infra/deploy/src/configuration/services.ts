import { authConfigSchema, readAuthConfig } from '@omni2/auth/config'
import { readWorkerConfig, workerConfigSchema } from '@omni2/chat-worker/config'
import { consoleConfigSchema, readConsoleConfig } from '@omni2/console/config'
import { readRecorderConfig, recorderConfigSchema } from '@omni2/flow-recorder/config'
import type { Environment } from '@omni2/service-kit'
import { edgeConfigSchema, readEdgeConfig } from '@omni2/ws-edge/config'
import type { z } from 'zod'

/** A process that is configured by variables. */
export interface ConfiguredService {
  readonly name: string
  readonly schema: z.ZodObject
  /** Throws ConfigError with every bad variable. */
  readonly read: (env: Environment) => Readonly<Record<string, unknown>>
}

export const services: readonly ConfiguredService[] = [
  { name: 'auth', schema: authConfigSchema, read: readAuthConfig },
  { name: 'ws-edge', schema: edgeConfigSchema, read: readEdgeConfig },
  { name: 'chat-worker', schema: workerConfigSchema, read: readWorkerConfig },
  { name: 'flow-recorder', schema: recorderConfigSchema, read: readRecorderConfig },
  { name: 'console', schema: consoleConfigSchema, read: readConsoleConfig },
]
