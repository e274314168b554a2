import { findFreePort } from '@omni2/local-servers'
import type { Environment } from '@omni2/service-kit'
import { chooseGiven, chooseSecret, natsUrlFor, type Stack } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startReplicas } from './start-service.ts'

interface Auth {
  readonly auth: { readonly url: string }
}

/** Settings for one person who tries things on one machine; the environment overrides them. */
const localDefaults = {
  EDGE_CONNECTIONS_PER_USER: '1000',
  EDGE_DRAIN_NOTICE_MS: '0',
  EDGE_DRAIN_SPREAD_MS: '500',
  EDGE_CLOSE_DEADLINE_MS: '1000',
}

export async function startEdges(
  numbers: readonly number[],
  deps: ServiceDeps & Auth,
): Promise<StartedProcess[]> {
  const describe = async () => {
    const port = await findFreePort()
    return {
      group: 'edges' as const,
      program: 'ws-edge' as const,
      url: `http://127.0.0.1:${port}`,
      own: edgeEnvironment(port, deps),
    }
  }
  return startReplicas('ws-edge', numbers, describe, deps)
}

export function edgeEnvironment(port: number, deps: Stack & Auth): Environment {
  const { env, secrets, auth } = deps
  return {
    ...chooseGiven(localDefaults, env),
    EDGE_PORT: String(port),
    NATS_URL: natsUrlFor('ws-edge', deps),
    AUTH_JWKS_URL: `${auth.url}/.well-known/jwks.json`,
    ...chooseSecret('RESUME_TOKEN_SECRET', secrets.resumeTokenSecret, env),
  }
}
