import type { Anthropic } from '@anthropic-ai/sdk'

/** Asks the model with the SDK; `say` gets each piece of its answer. */
export async function streamText(
  text: string,
  say: (piece: string) => void,
  { client }: { client: Anthropic },
): Promise<void> {
  const stream = await client.messages.create({
    model: 'claude-sonnet-5-5',
    max_tokens: 8192,
    stream: true,
    messages: [{ role: 'user', content: text }],
  })
  for await (const event of stream)
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') say(event.delta.text)
}
