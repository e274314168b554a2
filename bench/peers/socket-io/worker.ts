import { Anthropic } from '@anthropic-ai/sdk'
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { endWithParent } from '../serve-chat.ts'
import { streamText } from '../stream-text.ts'

// The worker: it reads the model and publishes each token to the room of its socket, through the stream of the adapter.

const [, , redisUrl = '', modelUrl] = process.argv
const client = new Anthropic({ apiKey: 'none', baseURL: modelUrl, maxRetries: 0 })
const io = new Server({ adapter: createAdapter(new Redis(redisUrl)), connectionStateRecovery: {} })

io.on('ask', (question: { room: string; text: string }) => void answer(question))

async function answer({ room, text }: { room: string; text: string }): Promise<void> {
  await streamText(text, (piece) => io.to(room).emit('token', piece), { client })
  io.to(room).emit('done')
}

process.stdout.write(`${JSON.stringify({ url: '' })}\n`)
endWithParent()
