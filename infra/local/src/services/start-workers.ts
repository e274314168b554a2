import type { ModelServer } from './choose-model.ts'
import { natsUrlFor } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startReplicas } from './start-service.ts'

export async function startWorkers(
  count: number,
  deps: ServiceDeps & { readonly model: ModelServer },
): Promise<StartedProcess[]> {
  const { servers, model } = deps
  const describe = async () => ({
    group: 'workers' as const,
    script: 'services/chat-worker/src/main.ts',
    own: {
      NATS_URL: natsUrlFor('chat-worker', deps),
      DATABASE_URL: servers.postgres.url,
      REDIS_URL: servers.redis?.url,
      ...model.env,
    },
  })
  return startReplicas('chat-worker', count, describe, deps)
}
