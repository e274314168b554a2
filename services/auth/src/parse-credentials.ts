import { z } from 'zod'
import { TerminalError } from '@omni2/service-kit'

/** Postgres text cannot hold NUL, so no username does. */
const credentialsSchema = z.object({
  username: z
    .string()
    .min(1)
    .max(320)
    .regex(/^[^\0]*$/, 'must not contain NUL'),
  password: z.string().min(1).max(1_024),
})

/** `username` may be the e-mail address. */
export type Credentials = z.infer<typeof credentialsSchema>

/** A body that is JSON but not what the operation takes. */
export class InvalidBody extends TerminalError {
  override readonly name = 'InvalidBody'

  constructor(message: string) {
    super('invalid_body', message)
  }
}

/** Parses the body of a login; throws InvalidBody that names every bad field and repeats no value. */
export function parseCredentials(body: unknown): Credentials {
  const parsed = credentialsSchema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new InvalidBody(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  )
}
