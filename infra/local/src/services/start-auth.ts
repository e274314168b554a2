import { findFreePort } from '@omni2/local-servers'
import { chooseSecret, natsUrlFor, serviceDatabaseUrl } from './service-environment.ts'
import { type ServiceDeps, type StartedProcess, startService } from './start-service.ts'

interface AuthDeps extends ServiceDeps {
  /** Where browsers load the pages from. */
  readonly gatewayUrls: readonly string[]
}

export async function startAuth(deps: AuthDeps): Promise<StartedProcess> {
  const { env, secrets, servers, gatewayUrls } = deps
  const port = await findFreePort()
  const auth = {
    name: 'auth-1',
    group: 'support' as const,
    script: 'services/auth/src/main.ts',
    url: `http://127.0.0.1:${port}`,
    own: {
      AUTH_PORT: String(port),
      DATABASE_URL: serviceDatabaseUrl(deps),
      NATS_URL: natsUrlFor('auth', deps),
      REDIS_URL: servers.redis?.url,
      AUTH_ALLOWED_ORIGINS: env['AUTH_ALLOWED_ORIGINS'] ?? gatewayUrls.join(','),
      ...chooseSecret('AUTH_JWT_SECRET', secrets.jwtSecret, env),
      ...chooseSecret('AUTH_SIGNING_KEY', secrets.signingKey, env),
    },
  }
  return startService(auth, deps)
}
