import { type ServiceDeps, type StartedProcess, startService } from './start-service.ts'

interface GatewayDeps extends ServiceDeps {
  readonly port: number
  readonly auth: { readonly url: string }
  /** Holds the addresses of the edges. */
  readonly edgesFile: string
  readonly console: { readonly url: string }
}

export async function startGateway(deps: GatewayDeps): Promise<StartedProcess> {
  const gateway = {
    name: 'gateway-1',
    group: 'support' as const,
    program: 'gateway' as const,
    url: `http://127.0.0.1:${deps.port}`,
    own: {
      GATEWAY_PORT: String(deps.port),
      AUTH_URL: deps.auth.url,
      EDGE_URLS_FILE: deps.edgesFile,
      CONSOLE_URL: deps.console.url,
    },
  }
  return startService(gateway, deps)
}
