import type { z } from 'zod'
import { TerminalError } from '@omni2/service-kit'

/** A body that is JSON but not what the operation takes. */
export class InvalidBody extends TerminalError {
  override readonly name = 'InvalidBody'

  constructor(message: string) {
    super('invalid_body', message)
  }
}

/** Parses the body of an operation; throws InvalidBody that names every bad field and repeats no value. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw new InvalidBody(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  )
}
