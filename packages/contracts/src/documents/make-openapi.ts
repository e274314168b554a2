import {
  askRequestSchema,
  httpErrorSchema,
  idempotencyHeader,
  rateLimitHeaders,
  sessionIdHeader,
  turnErrorEvent,
} from '../ask-api.ts'
import {
  accessCookies,
  loginRequestSchema,
  logoutRequestSchema,
  meSchema,
  refreshRequestSchema,
  ticketSchema,
  tokensSchema,
} from '../auth-api.ts'
import { wireBounds } from '../bounds.ts'
import { describeInput, describeOutput } from './to-json-schema.ts'
import { info } from './info.ts'

/** Makes the OpenAPI 3.1 document of everything that is served over HTTP to users. */
export function makeOpenApi(): object {
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: 'http://127.0.0.1:8080' }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths: {
      '/auth/login': post(
        'logIn',
        'Begins a login.',
        'LoginRequest',
        ok('Tokens', 'Also sets both cookies.'),
        [401, 422, 429],
      ),
      '/auth/refresh': post(
        'refresh',
        'Renews a login; the refresh token, of the body or else of the cookie, is used up.',
        'RefreshRequest',
        ok('Tokens', 'The next pair, also as cookies.'),
        [401, 403, 422],
        { isBodyRequired: false },
      ),
      '/auth/me': {
        get: {
          operationId: 'readMe',
          summary: 'Whose login the access token or the cookie is.',
          responses: { ...ok('Me', 'The user, and when the login ends.'), ...refusals([401, 403]) },
        },
      },
      '/auth/logout': {
        post: {
          operationId: 'logOut',
          summary: 'Ends a login everywhere, open sockets included.',
          requestBody: {
            required: false,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/LogoutRequest' } } },
          },
          responses: { '204': { description: 'Ended.' }, ...refusals([401, 403, 422]) },
        },
      },
      '/auth/ticket': {
        post: {
          operationId: 'takeTicket',
          summary: 'A ticket for one WebSocket, for clients that cannot set headers.',
          responses: { ...ok('Ticket', 'Good once, for /ws/chat?ticket=….'), ...refusals([401, 403]) },
        },
      },
      '/.well-known/jwks.json': {
        get: {
          operationId: 'readKeys',
          summary: 'Public keys of the signed identity.',
          security: [],
          responses: {
            '200': { description: 'A JSON Web Key Set (RFC 7517).', content: { 'application/json': {} } },
          },
        },
      },
      '/ask/stream': { post: ask('ask') },
      '/ask/stream/{session_id}': { get: resume('resumeAsk') },
      '/ask/{session_id}': { delete: cancel },
      '/api/v1/chat/ask/stream': { post: ask('askByApi') },
      '/api/v1/chat/ask/stream/{session_id}': { get: resume('resumeAskByApi') },
    },
    components: {
      schemas: {
        LoginRequest: describeInput(loginRequestSchema),
        LogoutRequest: describeInput(logoutRequestSchema),
        RefreshRequest: describeInput(refreshRequestSchema),
        Me: describeOutput(meSchema),
        Tokens: describeOutput(tokensSchema),
        Ticket: describeOutput(ticketSchema),
        AskRequest: describeInput(askRequestSchema),
        Error: describeOutput(httpErrorSchema),
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: accessCookies.https },
      },
    },
  }
}

const texts: Record<number, string> = {
  401: 'No proof of identity, or one that is not accepted.',
  403: 'The user may not chat.',
  404: 'No such turn of yours.',
  413: 'Too large.',
  422: 'Not understood; `error` names the field.',
  429: 'Too many, or a limit is used up; see `Retry-After`.',
  503: 'Not available right now; see `Retry-After`.',
}

const refer = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } })

const ok = (name: string, description: string) => ({ '200': { description, content: refer(name) } })

const refusals = (statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map((status) => [status, { description: texts[status], content: refer('Error') }]),
  )

const post = (
  operationId: string,
  summary: string,
  body: string,
  success: object,
  refused: readonly number[],
  { isBodyRequired = true } = {},
) => ({
  post: {
    operationId,
    summary,
    security: [],
    requestBody: { required: isBodyRequired, content: refer(body) },
    responses: { ...success, ...refusals(refused) },
  },
})

const stream = {
  '200': {
    description:
      'Events named as the frames of the socket; `id` is `session_id:attempt:seq`, `data` the frame. ' +
      `An \`error\` comes as \`${turnErrorEvent}\` first, without an \`id\`: take whichever you know.`,
    headers: { [sessionIdHeader]: { schema: { type: 'string', format: 'uuid' } } },
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  },
}

const number = { schema: { type: 'number' } }

const limited = {
  description: texts[429],
  headers: {
    'retry-after': number,
    [rateLimitHeaders.limit]: { ...number, description: 'The limit that refused; money in USD.' },
    [rateLimitHeaders.remaining]: { ...number, description: 'What is left of it.' },
    [rateLimitHeaders.reset]: { ...number, description: 'Seconds until it is reset, where it is.' },
  },
  content: refer('Error'),
}

const sessionId = {
  name: 'session_id',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
}

const ask = (operationId: string) => ({
  operationId,
  summary: 'One turn, without a conversation, answered as server-sent events.',
  parameters: [
    {
      name: idempotencyHeader,
      in: 'header',
      description:
        'The same key with the same message is the same turn, with another it is refused with 422.',
      schema: { type: 'string', minLength: 1, maxLength: wireBounds.clientMsgIdLength },
    },
  ],
  requestBody: { required: true, content: refer('AskRequest') },
  responses: { ...stream, ...refusals([401, 403, 413, 422, 503]), '429': limited },
})

const resume = (operationId: string) => ({
  operationId,
  summary: 'Goes on with a stream after `Last-Event-ID`.',
  parameters: [sessionId, { name: 'last-event-id', in: 'header', schema: { type: 'string' } }],
  responses: {
    ...stream,
    '204': { description: 'Nothing is missing: the client has the end.' },
    ...refusals([401, 404, 422]),
  },
})

const cancel = {
  operationId: 'cancelAsk',
  summary: 'Stops a turn.',
  parameters: [sessionId],
  responses: {
    '200': { description: 'It had ended already.' },
    '202': { description: 'Requested; the stream ends with `cancelled`.' },
    ...refusals([401, 404]),
  },
}
