import { defaultPasswordCost } from '@omni2/passwords'
import { isRedisAddress, redisAddressForm } from '@omni2/rates'
import { z } from 'zod'
import {
  readConfig,
  serviceVariables,
  wholeNumber,
  type Environment,
  isDemoSecret,
  listOfOrigins,
  listOfRanges,
} from '@omni2/service-kit'
import { isDemoKey } from './is-demo-key.ts'
import { privateKeySchema, publicKeySchema } from './signing-key.ts'
import { trustedIssuersSchema } from './trusted-issuer-settings.ts'

/** Schema of a variable that holds JSON. */
const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue('must be JSON')
        return z.NEVER
      }
    })
    .pipe(schema)

export const authConfigSchema = z
  .object({
    ...serviceVariables,
    /** Address and port of /validate, /auth/* and the public keys; port 0 takes any free one. */
    AUTH_HOST: z.string().default('127.0.0.1'),
    AUTH_PORT: wholeNumber({ max: 65_535 }).default(8081),

    /** Proxies (addresses and ranges) whose X-Forwarded-For, -Proto and -Host are believed: the gateway. */
    AUTH_TRUSTED_PROXIES: listOfRanges.prefault('127.0.0.0/8,::1'),
    /** Origins of pages that may log in and chat, beside the site's own: comma-separated, as browsers write them. */
    OMNI2_ORIGINS: listOfOrigins.default([]),
    /** Origins whose pages' cookie is a proof, in place of the site's own; OMNI2_ORIGINS are enough for most. */
    AUTH_ALLOWED_ORIGINS: listOfOrigins.default([]),

    NATS_URL: z.string().min(1),
    /** How long a logout is announced again while NATS is away, in milliseconds; edges look for themselves each minute. */
    AUTH_LOGOUT_RETRY_MS: wholeNumber({ min: 1_000 }).default(120_000),

    DATABASE_URL: z.string().min(1),
    DATABASE_POOL_MAX: wholeNumber({ min: 1, max: 100 }).default(5),
    /** Longest time in milliseconds that a statement may take. */
    DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({ min: 100 }).default(3_000),

    /** Signs (HS256) and verifies access tokens; an existing deployment brings its own, and its issuer and audience. */
    AUTH_JWT_SECRET: z.string().min(32, 'must have at least 32 characters'),
    AUTH_JWT_ISSUER: z.string().min(1).default('omni2-auth'),
    AUTH_JWT_AUDIENCE: z.string().min(1).default('omni2'),
    /** How far another issuer's clock may be off, in seconds. */
    AUTH_CLOCK_TOLERANCE_SECONDS: wholeNumber({ max: 5 }).default(5),
    /** Life of an access token in seconds where the user's role sets none. */
    AUTH_ACCESS_TOKEN_SECONDS: wholeNumber({ min: 60 }).default(3_600),

    /** Life of a refresh token that is not used, in seconds. */
    AUTH_REFRESH_TOKEN_SECONDS: wholeNumber({ min: 60 }).default(7 * 86_400),
    /** Life of a login in seconds, however often it is refreshed; at least that of its first access token. */
    AUTH_SESSION_SECONDS: wholeNumber({ min: 60 }).default(30 * 86_400),
    /** Life of a ticket for a socket, in seconds. */
    AUTH_TICKET_SECONDS: wholeNumber({ min: 1, max: 300 }).default(30),
    /** Pause between two deletions of ended logins and tickets, in milliseconds. */
    AUTH_SWEEP_INTERVAL_MS: wholeNumber({ min: 1_000 }).default(600_000),
    /** Further issuers of access tokens (JSON array of `{issuer, audience, jwks_url, algorithms?, user_claim?}`). */
    AUTH_TRUSTED_ISSUERS: json(trustedIssuersSchema).default([]),

    /** Ed25519 private key (JWK as JSON) that signs the identity assertion. */
    AUTH_SIGNING_KEY: json(privateKeySchema),
    /** Further public keys (JSON array of JWKs) to publish while keys rotate: the previous one, or the next. */
    AUTH_EXTRA_PUBLIC_KEYS: json(z.array(publicKeySchema).max(4)).default([]),

    /** bcrypt cost that stored hashes are brought up to at login, and whose time every comparison takes at least. */
    AUTH_PASSWORD_COST: wholeNumber({ min: 4, max: 15 }).default(defaultPasswordCost),
    /** Passwords that may wait for the one thread that compares them, a quarter from one address; above that it is 503. */
    AUTH_PASSWORD_QUEUE: wholeNumber({ min: 1 }).default(20),

    /** Counts failed logins for all replicas; without one each counts in its own memory. */
    REDIS_URL: z.string().refine(isRedisAddress, redisAddressForm).optional(),
    /** Failed logins in a window, in seconds, above which an account, or an address, is answered 429. */
    AUTH_LOGIN_FAILURES_PER_ACCOUNT: wholeNumber({ min: 1 }).default(10),
    AUTH_LOGIN_FAILURES_PER_ADDRESS: wholeNumber({ min: 1 }).default(100),
    AUTH_LOGIN_WINDOW_SECONDS: wholeNumber({ min: 1 }).default(900),
  })
  .refine((config) => config.NODE_ENV !== 'production' || !isDemoSecret(config.AUTH_JWT_SECRET), {
    path: ['AUTH_JWT_SECRET'],
    message: 'is a demo value or too easy to guess; production needs a random one',
  })
  .refine((config) => config.AUTH_TRUSTED_ISSUERS.every(({ issuer }) => issuer !== config.AUTH_JWT_ISSUER), {
    path: ['AUTH_TRUSTED_ISSUERS'],
    message: 'must not name AUTH_JWT_ISSUER: its tokens are verified with AUTH_JWT_SECRET',
  })
  .refine((config) => config.NODE_ENV !== 'production' || !isDemoKey(config.AUTH_SIGNING_KEY), {
    path: ['AUTH_SIGNING_KEY'],
    message: 'is a published example key; production needs its own',
  })

export type AuthConfig = Readonly<z.infer<typeof authConfigSchema>>

/** Reads the variables of `auth`; throws ConfigError with every bad one. */
export const readAuthConfig = (env: Environment): AuthConfig => readConfig(authConfigSchema, env)
