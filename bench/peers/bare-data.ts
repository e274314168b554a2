import { request } from 'undici'
import { serveChat } from './serve-chat.ts'

// The least that JavaScript can do: bytes of the model in, lines cut out, a frame for each token out.

const modelUrl = `${process.argv[2]}/v1/messages`
const headers = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'none' }

serveChat(async (text, send) => {
  const body = JSON.stringify({
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    stream: true,
    messages: [{ role: 'user', content: text }],
  })
  const answer = await request(modelUrl, { method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0 })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let rest = ''
  answer.body
    .setEncoding('utf8')
    .on('data', (piece: string) => {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data: {"type":"content_block_delta"')) continue
        const { delta }: { delta: { text: string } } = JSON.parse(line.slice(6))
        send({ type: 'token', text: delta.text })
      }
    })
    .on('end', resolve)
    .on('error', reject)
  await promise
})
