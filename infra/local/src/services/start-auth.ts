import { findFreePort } from '@omni2/local-servers'
import type { Environment } from '@omni2/service-kit'
import { chooseSecret, natsUrlFor, serviceDatabaseUrl, type Stack } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startService } from './start-service.ts'

export async function startAuth(deps: ServiceDeps): Promise<StartedProcess> {
  const port = await findFreePort()
  const auth = {
    name: 'auth-1',
    group: 'support' as const,
    program: 'auth' as const,
    url: `http://127.0.0.1:${port}`,
    own: authEnvironment(port, deps),
  }
  return startService(auth, deps)
}

export function authEnvironment(port: number, deps: Stack): Environment {
  const { env, secrets, servers } = deps
  return {
    AUTH_PORT: String(port),
    DATABASE_URL: serviceDatabaseUrl(deps),
    NATS_URL: natsUrlFor('auth', deps),
    REDIS_URL: servers.redis?.url,
    ...chooseSecret('AUTH_JWT_SECRET', secrets.jwtSecret, env),
    ...chooseSecret('AUTH_SIGNING_KEY', secrets.signingKey, env),
  }
}
