import type { Environment } from '@omni2/service-kit'
import { natsUrlFor, serviceDatabaseUrl, type Stack } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startReplicas } from './start-service.ts'

export async function startRecorders(
  numbers: readonly number[],
  deps: ServiceDeps,
): Promise<StartedProcess[]> {
  const describe = async () => ({
    group: 'recorders' as const,
    program: 'flow-recorder' as const,
    own: recorderEnvironment(deps),
  })
  return startReplicas('flow-recorder', numbers, describe, deps)
}

export const recorderEnvironment = (deps: Stack): Environment => ({
  NATS_URL: natsUrlFor('flow-recorder', deps),
  DATABASE_URL: serviceDatabaseUrl(deps),
})
