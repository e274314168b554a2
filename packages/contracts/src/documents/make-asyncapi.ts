import type { z } from 'zod'
import {
  cancelFrameSchema,
  messageFrameSchema,
  pingFrameSchema,
  resumeFrameSchema,
  type ClientFrame,
} from '../client-frames.ts'
import { closeCodes } from '../close-codes.ts'
import { serverFrameSchema, type ServerFrameType } from '../server-frames.ts'
import { describeInput, describeOutput } from './to-json-schema.ts'
import { info } from './info.ts'

const clientFrames: Record<ClientFrame['type'], { schema: z.ZodType; summary: string }> = {
  message: { schema: messageFrameSchema, summary: 'Starts a turn, or edits or regenerates one.' },
  cancel: { schema: cancelFrameSchema, summary: 'Stops a turn, also one that has not begun.' },
  resume: { schema: resumeFrameSchema, summary: 'Asks for what is missing of a turn after a reconnect.' },
  ping: { schema: pingFrameSchema, summary: 'Asks for a pong.' },
}

const serverFrameSummaries: Record<ServerFrameType, string> = {
  welcome: 'First frame of a connection.',
  goodbye: 'The edge is about to close the connection.',
  pong: 'Answers ping.',
  accepted: 'The message is stored and will be answered.',
  restart: 'A new attempt begins the reply again from its start.',
  started: 'The turn passed its checks.',
  warning: 'Something about the turn that does not end it.',
  token: 'A piece of the reply.',
  tool_call: 'A tool is called.',
  tool_result: 'A tool call has ended.',
  waiting: 'No sign of life from the turn for a while.',
  done: 'The turn ended with its whole answer.',
  cancelled: 'The turn was stopped.',
  blocked: 'The user is blocked.',
  resumed: 'Nothing is missing; the turn goes on.',
  snapshot: 'The whole reply so far.',
  finished: 'The turn has ended; this is its terminal frame.',
  unrecoverable: 'The turn cannot be resumed.',
  error: 'The turn failed, or a frame could not be used.',
}

/** Makes the AsyncAPI 3 document of the WebSocket, as the server sees it: it receives what clients send. */
export function makeAsyncApi(): object {
  const received = Object.entries(clientFrames).map(([type, { schema, summary }]) => ({
    name: `client_${type}`,
    message: { name: type, summary, payload: describeInput(schema) },
  }))
  const sent = serverFrameSchema.options.map((option) => {
    const type = option.shape.type.value
    return {
      name: type,
      message: { name: type, summary: serverFrameSummaries[type], payload: describeOutput(option) },
    }
  })
  const messages = [...received, ...sent]
  return {
    asyncapi: '3.0.0',
    info,
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:8080',
        protocol: 'ws',
        security: [{ $ref: '#/components/securitySchemes/bearer' }],
      },
    },
    channels: {
      chat: {
        address: '/ws/chat',
        description: `Text frames, one JSON object each. Closed with one of: ${describeCloses()}.`,
        messages: Object.fromEntries(messages.map(({ name }) => [name, refer('components/messages', name)])),
        bindings: { ws: { method: 'GET', query: querySchema } },
      },
    },
    operations: {
      receiveFrame: { action: 'receive', ...onChannel(received) },
      sendFrame: { action: 'send', ...onChannel(sent) },
    },
    components: {
      messages: Object.fromEntries(messages.map(({ name, message }) => [name, message])),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  }
}

const querySchema = {
  type: 'object',
  properties: {
    conversation_id: { type: 'string', format: 'uuid', description: 'Reopens a conversation of one’s own.' },
    ticket: {
      type: 'string',
      description: 'A single-use ticket of POST /auth/ticket, for clients that cannot set headers.',
    },
  },
}

const refer = (place: string, name: string) => ({ $ref: `#/${place}/${name}` })

const onChannel = (messages: readonly { name: string }[]) => ({
  channel: { $ref: '#/channels/chat' },
  messages: messages.map(({ name }) => refer('channels/chat/messages', name)),
})

const describeCloses = (): string =>
  Object.entries(closeCodes)
    .map(([code, { name }]) => `${code} ${name}`)
    .join(', ')
