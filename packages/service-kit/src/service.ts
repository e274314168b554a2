import { hostname } from 'node:os'
import { openLogger, type Logger } from './logger.ts'
import { ConfigError, type Environment } from './config.ts'

interface NamedService {
  NODE_ENV: string
  LOG_LEVEL: string
  INSTANCE_NAME?: string | undefined
}

/** Reads a service's configuration and opens its log; bad configuration is printed and ends the process with 78 (EX_CONFIG). */
export function beginService<C extends NamedService>(
  name: string,
  read: (env: Environment) => C,
  env: Environment,
): { config: C; instance: string; log: Logger } {
  try {
    const config = read(env)
    const instance = config.INSTANCE_NAME ?? makeInstanceName(name)
    return { config, instance, log: openLogger({ name, instance, level: config.LOG_LEVEL }) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exit(78)
  }
}

/** In containers every replica may have the same pid, and each has a host name of its own. */
const makeInstanceName = (name: string): string =>
  `${name}-${hostname()
    .replaceAll(/[^\w-]/g, '-')
    .slice(0, 32)}-${process.pid}`
