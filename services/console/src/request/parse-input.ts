import { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'

/** What an operation takes; what is absent must be absent. */
export interface OperationSchemas<P, Q, B> {
  /** Of the names in the path. */
  readonly params?: z.ZodType<P>
  readonly query?: z.ZodType<Q>
  readonly body?: z.ZodType<B>
}

/** The parts of a request as they came. */
export interface RawInput {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

const nothing = z.strictObject({})

/** Parses what an operation takes; throws ConsoleRefused that names every problem of all parts and repeats no value. */
export function parseInput<P, Q, B>(
  { params, query, body }: RawInput,
  schemas: OperationSchemas<P, Q, B>,
): { params: P; query: Q; body: B } {
  const shape = {
    params: schemas.params ?? nothing,
    query: schemas.query ?? nothing,
    body: schemas.body ?? z.undefined('takes no body'),
  }
  const parsed = z.object(shape).safeParse({ params, query, body: body ?? undefined })
  // Parsed by these very schemas, or by the empty one where P, Q or B is not used.
  if (parsed.success) return parsed.data as { params: P; query: Q; body: B }
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const isCursorAlone = problems.every(({ path }) => path === 'query.cursor')
  throw new ConsoleRefused(isCursorAlone ? 'invalid_cursor' : 'invalid_input', { fields: { problems } })
}
