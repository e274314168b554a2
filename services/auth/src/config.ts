import { z } from 'zod'
import { readConfig, serviceVariables, wholeNumber, type Environment, isDemoSecret } from '@omni2/service-kit'
import { isDemoKey } from './is-demo-key.ts'
import { privateKeySchema, publicKeySchema } from './signing-key.ts'

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
    /** Largest request body in bytes; more is answered 413. */
    AUTH_BODY_BYTES: wholeNumber({ min: 256 }).default(8 * 1024),

    DATABASE_URL: z.string().min(1),
    DATABASE_POOL_MAX: wholeNumber({ min: 1, max: 100 }).default(5),
    /** Longest time in milliseconds that a statement may take. */
    DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({ min: 100 }).default(3_000),

    /** Signs (HS256) and verifies access tokens; an existing deployment brings its own, and its issuer and audience. */
    AUTH_JWT_SECRET: z.string().min(32, 'must have at least 32 characters'),
    AUTH_JWT_ISSUER: z.string().min(1).default('omni2-auth'),
    AUTH_JWT_AUDIENCE: z.string().min(1).default('omni2'),
    /** How far another issuer's clock may be off, in seconds. */
    AUTH_CLOCK_TOLERANCE_SECONDS: wholeNumber({ max: 60 }).default(5),
    /** Life of an access token in seconds where the user's role sets none. */
    AUTH_ACCESS_TOKEN_SECONDS: wholeNumber({ min: 60 }).default(3_600),

    /** Ed25519 private key (JWK as JSON) that signs the identity assertion. */
    AUTH_SIGNING_KEY: json(privateKeySchema),
    /** Further public keys (JSON array of JWKs) to publish while keys rotate: the previous one, or the next. */
    AUTH_EXTRA_PUBLIC_KEYS: json(z.array(publicKeySchema).max(4)).default([]),

    /** bcrypt cost of the hash that unknown users' passwords are compared with; set it to your users' cost. */
    AUTH_PASSWORD_COST: wholeNumber({ min: 4, max: 15 }).default(12),
    /** Passwords that may wait for the one thread that compares them; a login above that is answered 503. */
    AUTH_PASSWORD_QUEUE: wholeNumber({ min: 1 }).default(20),
  })
  .refine((config) => config.NODE_ENV !== 'production' || !isDemoSecret(config.AUTH_JWT_SECRET), {
    path: ['AUTH_JWT_SECRET'],
    message: 'is a demo value or too easy to guess; production needs a random one',
  })
  .refine((config) => config.NODE_ENV !== 'production' || !isDemoKey(config.AUTH_SIGNING_KEY), {
    path: ['AUTH_SIGNING_KEY'],
    message: 'is a published example key; production needs its own',
  })

export type AuthConfig = Readonly<z.infer<typeof authConfigSchema>>

/** Reads the variables of `auth`; throws ConfigError with every bad one. */
export const readAuthConfig = (env: Environment): AuthConfig => readConfig(authConfigSchema, env)
