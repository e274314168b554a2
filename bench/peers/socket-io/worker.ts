import Anthropic from '@anthropic-ai/sdk'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { endWithParent } from '../serve-chat.ts'

// The worker: it reads the model and publishes each token to the room of its socket, through the stream of the adapter.

const [, , redisUrl = '', modelUrl] = process.argv
const client = new Anthropic({ apiKey: 'none', baseURL: modelUrl, maxRetries: 0 })
const io = new Server({ adapter: createAdapter(new Redis(redisUrl)), connectionStateRecovery: {} })

io.on('ask', (question: { room: string; text: string }) => void answer(question))

async function answer({ room, text }: { room: string; text: string }): Promise<void> {
  const stream = await client.messages.create({
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    stream: true,
    messages: [{ role: 'user', content: text }],
  })
  for await (const event of stream)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
      io.to(room).emit('token', event.delta.text)
  io.to(room).emit('done')
}

process.stdout.write(`${JSON.stringify({ url: '' })}\n`)
endWithParent()
