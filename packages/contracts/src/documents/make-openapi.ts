import {
  askRequestSchema,
  cancelAnswerSchema,
  httpErrorSchema,
  idempotencyHeader,
  rateLimitHeaders,
  sessionIdHeader,
  turnErrorEvent,
} from '../ask-api.ts'
import {
  accessCookies,
  invitationRequestSchema,
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
      '/auth/login': {
        post: {
          operationId: 'logIn',
          summary: 'Begins a login.',
          security: [],
          requestBody: { required: true, content: refer('LoginRequest') },
          responses: { ...ok('Tokens', 'Also sets both cookies.'), ...refusals([401, ...ofBody, 429]) },
        },
      },
      '/auth/invitation': {
        post: {
          operationId: 'acceptInvitation',
          summary:
            'Sets the password of the account that an invitation is for, ends its logins and begins one.',
          security: [],
          requestBody: { required: true, content: refer('InvitationRequest') },
          responses: { ...ok('Tokens', 'Also sets both cookies.'), ...refusals([401, ...ofBody]) },
        },
      },
      '/auth/refresh': {
        post: {
          operationId: 'refresh',
          summary: 'Renews a login; the refresh token, of the body or else of the cookie, is used up.',
          security: [],
          requestBody: { required: false, content: refer('RefreshRequest') },
          responses: {
            ...ok('Tokens', 'The next pair, also as cookies.'),
            ...refusals([401, 403, ...ofBody]),
          },
        },
      },
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
          requestBody: { required: false, content: refer('LogoutRequest') },
          responses: { '204': { description: 'Ended.' }, ...refusals([401, 403, ...ofBody]) },
        },
      },
      '/auth/ticket': {
        post: {
          operationId: 'takeTicket',
          summary: 'A ticket for one WebSocket, for clients that cannot set headers.',
          responses: {
            ...ok('Ticket', 'Good once, for /ws/chat?ticket=….'),
            ...refusals([401, 403, ...ofBody]),
          },
        },
      },
      '/.well-known/jwks.json': {
        get: {
          operationId: 'readKeys',
          summary: 'Public keys of the signed identity.',
          security: [],
          responses: {
            '200': {
              description: 'A JSON Web Key Set (RFC 7517).',
              content: { 'application/jwk-set+json': { schema: keySet } },
            },
            ...refusals([]),
          },
        },
      },
      '/ask/stream': { post: ask('ask') },
      '/ask/stream/{session_id}': { get: resume('resumeAsk') },
      '/ask/{session_id}': { delete: cancel },
      '/api/v1/chat/ask/stream': { post: ask('askByApi') },
      '/api/v1/chat/ask/stream/{session_id}': { get: resume('resumeAskByApi') },
      '/ws/chat': { get: connect },
    },
    components: {
      schemas: {
        LoginRequest: describeInput(loginRequestSchema),
        InvitationRequest: describeInput(invitationRequestSchema),
        LogoutRequest: describeInput(logoutRequestSchema),
        RefreshRequest: describeInput(refreshRequestSchema),
        Me: describeOutput(meSchema),
        Tokens: describeOutput(tokensSchema),
        Ticket: describeOutput(ticketSchema),
        AskRequest: describeInput(askRequestSchema),
        CancelAnswer: describeOutput(cancelAnswerSchema),
        Error: describeOutput(httpErrorSchema),
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: accessCookies.https },
      },
    },
  }
}

const texts = {
  400: 'A header that names the user, or no proper request.',
  401: 'No proof of identity, or one that is not accepted.',
  403: 'The user may not chat, or the page may not use the cookie.',
  404: 'No such turn of yours.',
  413: 'Too large.',
  415: 'Not JSON.',
  422: 'Not understood; `error` names the field.',
  426: 'Not a WebSocket.',
  429: 'Too many, or a limit is used up; see `Retry-After`.',
  500: 'A fault; an operator has to look.',
  503: 'Not available right now; see `Retry-After`.',
}

type Refusal = keyof typeof texts

/** Of what is sent as JSON. */
const ofBody = [413, 415, 422] as const

/** Of whatever is asked. */
const ofAll = [400, 500, 503] as const

const refer = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } })

const ok = (name: string, description: string) => ({ '200': { description, content: refer(name) } })

const number = { schema: { type: 'number' } }

const refusals = (statuses: readonly Refusal[]) =>
  Object.fromEntries(
    [...statuses, ...ofAll].map((status) => [
      status,
      {
        description: texts[status],
        ...(status === 429 ? { headers: { 'retry-after': { ...number, required: true } } } : {}),
        ...(status === 503 ? { headers: { 'retry-after': number } } : {}),
        content: refer('Error'),
      },
    ]),
  )

const keySet = {
  type: 'object',
  required: ['keys'],
  properties: {
    keys: { type: 'array', minItems: 1, items: { type: 'object', required: ['kty', 'kid', 'alg'] } },
  },
}

const stream = {
  '200': {
    description:
      'Events named as the frames of the socket; `id` is `session_id:attempt:seq`, `data` the frame. ' +
      `An \`error\` comes as \`${turnErrorEvent}\` first, without an \`id\`: take whichever you know.`,
    headers: { [sessionIdHeader]: { required: true, schema: { type: 'string', format: 'uuid' } } },
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  },
}

const limited = {
  description: texts[429],
  headers: {
    'retry-after': { ...number, required: true },
    [rateLimitHeaders.limit]: { ...number, description: 'The limit that refused; money in USD.' },
    [rateLimitHeaders.remaining]: { ...number, description: 'What is left of it.' },
    [rateLimitHeaders.reset]: { ...number, description: 'Seconds until it is reset, where it is.' },
  },
  content: refer('Error'),
}

const turnId = {
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
  responses: { ...stream, ...refusals([401, 403, 413, 422]), '429': limited },
})

const resume = (operationId: string) => ({
  operationId,
  summary: 'Goes on with a stream after `Last-Event-ID`.',
  parameters: [turnId, { name: 'last-event-id', in: 'header', schema: { type: 'string' } }],
  responses: {
    ...stream,
    '204': { description: 'Nothing is missing: the client has the end.' },
    ...refusals([401, 403, 404, 422, 429]),
  },
})

const cancel = {
  operationId: 'cancelAsk',
  summary: 'Stops a turn.',
  parameters: [turnId],
  responses: {
    ...ok('CancelAnswer', 'It had ended already.'),
    '202': {
      description: 'Requested; the stream ends with `cancelled`.',
      content: refer('CancelAnswer'),
    },
    ...refusals([401, 403, 404]),
  },
}

const connect = {
  operationId: 'connect',
  summary: 'The WebSocket, whose frames are in asyncapi.json.',
  security: [{ bearer: [] }, { cookie: [] }, {}],
  parameters: ['conversation_id', 'ticket'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  })),
  responses: { '101': { description: 'Frames from here on.' }, ...refusals([401, 403, 426]) },
}
