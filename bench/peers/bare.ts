import Anthropic from '@anthropic-ai/sdk'
import { serveChat } from './serve-chat.ts'

// What a team writes first: a socket, the SDK, and nothing between them. No login, no limits, no record.

const client = new Anthropic({ apiKey: 'none', baseURL: process.argv[2], maxRetries: 0 })

serveChat(async (text, send) => {
  const stream = await client.messages.create({
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    stream: true,
    messages: [{ role: 'user', content: text }],
  })
  for await (const event of stream)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
      send({ type: 'token', text: event.delta.text })
})
