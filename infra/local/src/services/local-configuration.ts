import { join } from 'node:path'
import { ConfigError, type Environment } from '@omni2/service-kit'
import { nameDataFolder } from '@omni2/cli/data-folder'
import { readEnvironment } from '@omni2/cli/read-environment'
import { makeSecrets } from '../data-folder/secrets.ts'
import { findServerProblems } from '../given-servers/check-given-servers.ts'
import { readStartConfig, type StartConfig } from '../options/start-config.ts'
import { findGivenModel, simulatorEnvironment } from './choose-model.ts'
import { makeServiceEnvironment, type Stack } from './service-environment.ts'
import { authEnvironment } from './start-auth.ts'
import { consoleEnvironment } from './start-console.ts'
import { edgeEnvironment } from './start-edges.ts'
import { recorderEnvironment } from './start-recorders.ts'
import { workerEnvironment } from './start-workers.ts'

/** The configuration of `npm start`. */
export interface LocalConfiguration {
  /** Problems of its own variables and of the given servers. */
  readonly problems: readonly string[]
  /** The environment of a service; generated addresses and keys are placeholders. */
  readonly environmentOf: (service: string) => Environment
}

/** Reads the environment and `.env` as `npm start` does and asks the given servers; starts and changes nothing. */
export async function readLocalConfiguration(root: string, given: Environment): Promise<LocalConfiguration> {
  const env = await readEnvironment(root, given)
  const { config, problems } = readWhatCanBeRead(env)
  const stack = standIn(root, env, config)
  return {
    problems: [...problems, ...(await findServerProblems(config))],
    environmentOf: (service) => makeServiceEnvironment(service, port, ownEnvironment(service, stack), stack),
  }
}

/** The configuration without the bad variables, so that everything else is checked as well. */
function readWhatCanBeRead(env: Environment): { config: StartConfig; problems: readonly string[] } {
  try {
    return { config: readStartConfig(env), problems: [] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const wrong = new Set(error.problems.map((problem) => problem.split(':')[0]?.replace(/_FILE$/, '')))
    const rest = Object.entries(env).filter(([name]) => !wrong.has(name.replace(/_FILE$/, '')))
    return { config: readStartConfig(Object.fromEntries(rest)), problems: error.problems }
  }
}

const port = 15_000
const address = `127.0.0.1:${port}`

function standIn(root: string, env: Environment, config: StartConfig): Stack {
  return {
    folder: nameDataFolder(join(root, '.omni2')),
    env,
    config,
    secrets: makeSecrets(),
    servers: {
      postgres: { url: config.DATABASE_URL ?? `postgres://${address}/omni2` },
      nats: { url: config.NATS_URL ?? `nats://${address}` },
      redis: { url: config.REDIS_URL ?? `redis://${address}` },
    },
  }
}

function ownEnvironment(service: string, stack: Stack): Environment {
  const withAuth = { ...stack, auth: { url: `http://${address}` } }
  switch (service) {
    case 'auth':
      return authEnvironment(port, stack)
    case 'ws-edge':
      return edgeEnvironment(port, withAuth)
    case 'chat-worker': {
      const env = findGivenModel(stack.config)?.env ?? simulatorEnvironment(stack.config, `http://${address}`)
      return workerEnvironment({ ...stack, model: { env } })
    }
    case 'flow-recorder':
      return recorderEnvironment(stack)
    case 'console':
      return consoleEnvironment(port, withAuth)
    default:
      throw new Error(`npm start has no service ${service}`)
  }
}
