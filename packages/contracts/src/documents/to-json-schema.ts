import { z } from 'zod'

/** JSON Schema (draft 2020-12, as OpenAPI 3.1 and AsyncAPI 3 read it) of what a client may send. */
export const describeInput = (schema: z.ZodType): object => strip(z.toJSONSchema(schema, { io: 'input' }))

/** JSON Schema of what a client gets. */
export const describeOutput = (schema: z.ZodType): object => strip(z.toJSONSchema(schema, { io: 'output' }))

/** The document says once which dialect it is written in. */
function strip({ $schema: _dialect, ...schema }: z.core.JSONSchema.BaseSchema): object {
  return schema
}
