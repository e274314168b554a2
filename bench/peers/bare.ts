import { Anthropic } from '@anthropic-ai/sdk'
import { serveChat } from './serve-chat.ts'
import { streamText } from './stream-text.ts'

// What a team writes first: a socket, the SDK, and nothing between them. No login, no limits, no record.

const client = new Anthropic({ apiKey: 'none', baseURL: process.argv[2], maxRetries: 0 })

serveChat((question, send) => streamText(question, (text) => send({ type: 'token', text }), { client }))
