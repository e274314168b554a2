import { once } from 'node:events'
import { observeBus, openBus } from '@omni2/bus'
import { awaitDatabase, observePool, openDatabase, watchClock } from '@omni2/db'
import { observeRates, openRates } from '@omni2/rates'
import { makeOriginRules, openService } from '@omni2/service-kit'
import { readAuthConfig } from './config.ts'
import { openLoginCounters } from './login/login-counters.ts'
import { LogoutAnnouncer } from './login/logout-announcer.ts'
import { authMetrics } from './metrics.ts'
import { openHttpServer } from './open-http-server.ts'
import { PasswordChecker } from './login/password-checker.ts'
import { makeKeySet, makeSigningKey } from './signing-key.ts'
import { learnPasswordCost, openSweeper } from './login/sweep-ended-logins.ts'
import { makeTrustedIssuers } from './tokens/trusted-issuers.ts'

await using service = await openService('auth', {
  env: process.env,
  readConfig: readAuthConfig,
  metrics: authMetrics,
  conditions: ['database', 'http'],
})
const { config, instance, log, stopping, readiness, metrics, healthPort } = service
await using database = openDatabase({
  url: config.DATABASE_URL,
  poolMax: config.DATABASE_POOL_MAX,
  applicationName: instance,
  statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
  onPoolError: (err) => log.warn({ err }, 'database connection lost'),
})
observePool(database, metrics)
const clock = watchClock({ database, stopping, log })
await using passwords = new PasswordChecker({
  queue: config.AUTH_PASSWORD_QUEUE,
  cost: config.AUTH_PASSWORD_COST,
})
metrics.passwordsWaiting.readFrom(() => passwords.waiting)
await using rates = await openRates({ redisUrl: config.REDIS_URL, log })
observeRates(rates, metrics)
const counters = openLoginCounters(
  {
    failuresPerAccount: config.AUTH_LOGIN_FAILURES_PER_ACCOUNT,
    failuresPerAddress: config.AUTH_LOGIN_FAILURES_PER_ADDRESS,
    windowSeconds: config.AUTH_LOGIN_WINDOW_SECONDS,
  },
  rates,
)
const bus = { url: config.NATS_URL, user: 'auth', name: instance, connectDeadlineMs: 0, log } as const
await using announcer = new LogoutAnnouncer({
  openBus: async () => {
    const opened = await openBus(bus)
    observeBus(opened, metrics)
    return opened
  },
  worthMs: config.AUTH_LOGOUT_RETRY_MS,
  log,
})
metrics.logoutsWaiting.readFrom(() => announcer.waiting)
announcer.start()
const tokenRules = {
  secret: new TextEncoder().encode(config.AUTH_JWT_SECRET),
  issuer: config.AUTH_JWT_ISSUER,
  audience: config.AUTH_JWT_AUDIENCE,
  clockToleranceSeconds: config.AUTH_CLOCK_TOLERANCE_SECONDS,
}
await using http = await openHttpServer(
  { host: config.AUTH_HOST, port: config.AUTH_PORT },
  {
    log,
    metrics,
    clock,
    database,
    passwords,
    tokenRules,
    trustedIssuers: makeTrustedIssuers(config.AUTH_TRUSTED_ISSUERS, tokenRules),
    trustedProxies: config.AUTH_TRUSTED_PROXIES,
    origins: makeOriginRules({ added: config.OMNI2_ORIGINS, only: config.AUTH_ALLOWED_ORIGINS }),
    tokenIssuer: tokenRules,
    defaultTokenSeconds: config.AUTH_ACCESS_TOKEN_SECONDS,
    refreshTokenSeconds: config.AUTH_REFRESH_TOKEN_SECONDS,
    sessionSeconds: config.AUTH_SESSION_SECONDS,
    ticketSeconds: config.AUTH_TICKET_SECONDS,
    counters,
    announcer,
    signingKey: await makeSigningKey(config.AUTH_SIGNING_KEY),
    keySet: await makeKeySet(config.AUTH_SIGNING_KEY, config.AUTH_EXTRA_PUBLIC_KEYS),
    now: Date.now,
  },
)
await using _sweeper = openSweeper({ database, passwords, intervalMs: config.AUTH_SWEEP_INTERVAL_MS, log })
readiness.meet('http')
log.info({ url: http.listeningOrigin, health_port: healthPort }, 'listening')
await awaitDatabase(database, { readiness, stopping })
if (!stopping.aborted) await learnPasswordCost({ database, passwords, log })
if (!stopping.aborted) await once(stopping, 'abort')
log.info('stopping')
