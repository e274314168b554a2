import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type NatsUser, natsUsers } from '@omni2/contracts'
import { OperatorError } from '@omni2/cli/operator-error'
import { type DemoUsername, demoUsernames } from '../seed/demo-users.ts'
import { writePrivateFile } from './write-private-file.ts'

/** Made once for each data folder, so that a second start finds its data with the same passwords. */
export interface Secrets {
  readonly natsPasswords: Record<NatsUser, string>
  readonly demoPasswords: Record<DemoUsername, string>
  /** Of the database role of the services. */
  readonly databasePassword: string
  /** Signs and verifies access tokens (HS256). */
  readonly jwtSecret: string
  /** Seals resume tokens (HMAC). */
  readonly resumeTokenSecret: string
  /** Private Ed25519 key as a JWK in JSON; signs identity assertions. */
  readonly signingKey: string
}

const keptSchema = z.object({
  natsPasswords: z.record(z.string(), z.string()).default({}),
  demoPasswords: z.record(z.string(), z.string()).default({}),
  databasePassword: z.string().optional(),
  jwtSecret: z.string().optional(),
  resumeTokenSecret: z.string().optional(),
  signingKey: z.string().optional(),
})

type KeptSecrets = z.infer<typeof keptSchema>

/** Reads the secrets of a data folder and makes those that are missing; the file is for its owner only (0600). */
export async function openSecrets(file: string): Promise<Secrets> {
  const kept = parseSecrets(await readFile(file, 'utf8').catch(() => '{}'), file)
  const secrets = completeSecrets(kept)
  await writePrivateFile(file, `${JSON.stringify(secrets, undefined, 2)}\n`)
  return secrets
}

/** New secrets that are not stored. */
export const makeSecrets = (): Secrets => completeSecrets({ natsPasswords: {}, demoPasswords: {} })

function parseSecrets(text: string, file: string): KeptSecrets {
  try {
    return keptSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new OperatorError(`${file} is damaged: restore it, or remove the data folder and start afresh`, {
      cause,
    })
  }
}

function completeSecrets(kept: KeptSecrets): Secrets {
  return {
    natsPasswords: completePasswords(natsUsers, kept.natsPasswords),
    demoPasswords: completePasswords(demoUsernames, kept.demoPasswords),
    databasePassword: kept.databasePassword ?? makePassword(),
    jwtSecret: kept.jwtSecret ?? makeSecret(),
    resumeTokenSecret: kept.resumeTokenSecret ?? makeSecret(),
    signingKey: kept.signingKey ?? makeSigningKey(),
  }
}

function completePasswords<N extends string>(names: readonly N[], kept: Record<string, string>) {
  const passwords = names.map((name) => [name, kept[name] ?? makePassword()])
  return Object.fromEntries(passwords) as Record<N, string>
}

const makePassword = (): string => randomBytes(12).toString('base64url')
const makeSecret = (): string => randomBytes(48).toString('base64url')

function makeSigningKey(): string {
  return JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }))
}
