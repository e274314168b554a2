import type { ModelServer } from './choose-model.ts'
import type { Environment } from '@omni2/service-kit'
import { chooseGiven, natsUrlFor, serviceDatabaseUrl, type Stack } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startReplicas } from './start-service.ts'

/** Load is tried with one user from one address. */
const connectionRates = {
  CONNECTIONS_PER_USER_PER_MINUTE: '100000',
  CONNECTIONS_PER_ADDRESS_PER_MINUTE: '100000',
}

/** Tools run on this machine, too. */
const loopbackTools = { MCP_ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8,::1/128' }

interface Model {
  readonly model: Pick<ModelServer, 'env'>
}

export async function startWorkers(
  numbers: readonly number[],
  deps: ServiceDeps & Model,
): Promise<StartedProcess[]> {
  const describe = async () => ({
    group: 'workers' as const,
    program: 'chat-worker' as const,
    operatorConditions: ['price'],
    own: workerEnvironment(deps),
  })
  return startReplicas('chat-worker', numbers, describe, deps)
}

export function workerEnvironment(deps: Stack & Model): Environment {
  const { servers, model } = deps
  return {
    ...chooseGiven({ ...connectionRates, ...loopbackTools }, deps.env),
    NATS_URL: natsUrlFor('chat-worker', deps),
    DATABASE_URL: serviceDatabaseUrl(deps),
    REDIS_URL: servers.redis?.url,
    ...model.env,
  }
}
