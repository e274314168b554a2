import Anthropic from '@anthropic-ai/sdk'
import type {
  MessageCreateParamsStreaming,
  RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages'
import { defaultConfig, type SimulatorConfig } from '../src/config.ts'
import { openModelSimulator } from '../src/open-simulator.ts'

/** A simulator that answers at once, and the official SDK, without retries, as its client. */
export async function openClient(options: Partial<SimulatorConfig> = {}) {
  const simulator = await openModelSimulator({ ...defaultConfig, paceMs: 0, firstTokenMs: 0, ...options })
  const client = new Anthropic({ apiKey: 'any', baseURL: simulator.url, maxRetries: 0, logLevel: 'off' })
  return { simulator, client }
}

/** A streaming request that says `content`. */
export function ask(
  content: string,
  more: Partial<MessageCreateParamsStreaming> = {},
): MessageCreateParamsStreaming {
  return {
    model: 'claude-sonnet-5-5',
    max_tokens: 1000,
    stream: true,
    messages: [{ role: 'user', content }],
    ...more,
  }
}

/** The events of a stream until it ends or fails. */
export async function collectEvents(stream: AsyncIterable<RawMessageStreamEvent>) {
  const events: RawMessageStreamEvent[] = []
  try {
    for await (const event of stream) events.push(event)
    return { events, error: undefined }
  } catch (error) {
    return { events, error }
  }
}

/** The text of the events, together. */
export function joinText(events: readonly RawMessageStreamEvent[]): string {
  return events
    .flatMap((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? [event.delta.text] : [],
    )
    .join('')
}
