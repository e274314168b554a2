import { httpErrorSchema } from '@omni2/contracts'
import { z } from 'zod'
import { consoleRefusals } from '../console-refused.ts'
import type { Access } from '../request/admit-request.ts'
import { type ApiName, apiPaths, type Operation } from '../request/operation.ts'

const titles = {
  admin: {
    title: 'OMNI2 Chat Admin API',
    description: 'What operators see and change. docs/admin-api.md says how.',
  },
  chat: {
    title: 'OMNI2 Chat API of the pages',
    description: 'Conversations and flow history of a user. docs/chat-api.md says how.',
  },
} as const satisfies Record<ApiName, object>

interface OpenApi {
  readonly openapi: string
  readonly [part: string]: unknown
}

/** Makes the OpenAPI 3.1 document of an API from its operations as they are served. */
export function makeOpenApi(api: ApiName, operations: readonly Operation[]): OpenApi {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operations)
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation)
  return {
    openapi: '3.1.0',
    info: {
      ...titles[api],
      version: '1',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: apiPaths[api] }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: { Error: describeOutput(httpErrorSchema) },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-omni2_access' },
      },
    },
  }
}

function describe(operation: Operation): object {
  const { id, summary, access, versioned, params, query, body, answer, contentTypes } = operation
  const parameters = [
    ...describeParameters(params, 'path'),
    ...describeParameters(query, 'query'),
    ...(access === 'change' ? [ifMatch] : []),
  ]
  const schema = answer ? describeOutput(answer) : { type: 'string' }
  const content = Object.fromEntries(contentTypes.map((type) => [type, { schema }]))
  const etag =
    versioned === false ? {} : { headers: { etag: { required: true, schema: { type: 'string' } } } }
  return {
    operationId: id,
    summary,
    description: audiences[access],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: describeBody(body) } : {}),
    responses: { '200': { description: 'Done.', ...etag, content }, ...describeRefusals(operation) },
  }
}

const audiences = {
  own: 'For every user, with what is their own.',
  read: 'For administrators and operators.',
  change: 'For administrators; audited.',
} as const satisfies Record<Access, string>

const ifMatch = {
  name: 'if-match',
  in: 'header',
  description: 'The `ETag` of a GET or of an earlier change: 412 where there is another version by now.',
  schema: { type: 'string' },
}

const describeBody = (body: z.ZodType) => ({
  required: true,
  content: { 'application/json': { schema: describeInput(body) } },
})

const refusals = {
  400: 'A header that names the user, or a cursor that is not of this list.',
  401: 'No proof of identity, or one that is not accepted.',
  403: 'The role may not do this, or the page may not.',
  404: 'There is no such thing.',
  409: 'It cannot be done as things are.',
  412: 'It has changed meanwhile.',
  413: 'Too large.',
  415: 'Not JSON.',
  422: 'Not understood; `problems` lists every `path` and `message`.',
  429: 'Too many requests; see `Retry-After`.',
  500: 'A fault; the log has it under the `X-Request-Id`.',
  503: 'Not available right now; see `Retry-After`.',
}

const ofAll = [400, 401, 403, 422, 429, 500, 503] as const
const ofBodies = [413, 415] as const

function describeRefusals({ access, params, body, creates, refuses }: Operation): object {
  const statuses = [
    ...ofAll,
    ...(access === 'change' ? ([412] as const) : []),
    ...(access === 'change' || body !== undefined ? ofBodies : []),
    ...(params === undefined || creates === true ? [] : [404 as const]),
    ...refuses.map((code) => consoleRefusals[code].status),
  ]
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
  return Object.fromEntries(
    statuses.map((status) => [status, { description: refusals[status], ...headersOf(status), content }]),
  )
}

const retryAfter = { 'retry-after': { required: true, schema: { type: 'number' } } }

const headersOf = (status: number): object =>
  status === 429 || status === 503 ? { headers: retryAfter } : {}

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
})

function describeParameters(schema: z.ZodType | undefined, place: 'path' | 'query'): object[] {
  if (schema === undefined) return []
  const { properties, required } = objectSchema.parse(describeInput(schema))
  return Object.entries(properties).map(([name, value]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: value,
  }))
}

const describeInput = (schema: z.ZodType): object => describeSchema(schema, 'input')
const describeOutput = (schema: z.ZodType): object => describeSchema(schema, 'output')

/** JSON Schema as OpenAPI 3.1 reads it; dates are ISO 8601 on the wire. */
function describeSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date')
        Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
    },
  })
  return rest
}
