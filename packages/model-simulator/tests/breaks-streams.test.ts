import Anthropic from '@anthropic-ai/sdk'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { predictReply } from '../src/reply/predict-reply.ts'
import { ask, collectEvents, joinText, openClient } from './open-client.ts'

const { simulator, client } = await openClient()
afterAll(() => simulator[Symbol.asyncDispose]())

async function stream(directive: string) {
  const body = ask(`Hello [[sim tokens=30 ${directive}]]`)
  const { data, request_id: id } = await client.messages.create(body).withResponse()
  const { events, error } = await collectEvents(data)
  return {
    text: joinText(events),
    events,
    error,
    entry: simulator.log.find(id ?? ''),
    whole: predictReply(body).text,
  }
}

describe('in the middle of a stream', () => {
  test('an error event ends it', async () => {
    const { text, error, entry, whole } = await stream('error=overloaded_error@10')
    expect(error).toBeInstanceOf(Anthropic.APIError)
    expect(error).toMatchObject({ status: undefined, type: 'overloaded_error' })
    expect(whole.startsWith(text) && text.length > 0).toBe(true)
    expect(entry).toMatchObject({
      status: 200,
      outcome: 'failed',
      tokensSent: 10,
      text,
      usage: { output_tokens: 10 },
    })
  })

  test('a reset breaks it, after all that was written', async () => {
    const { text, events, error, entry } = await stream('reset@12 pace=1')
    expect(error).toBeInstanceOf(Error)
    expect(events.some((event) => event.type === 'message_stop')).toBe(false)
    expect(entry).toMatchObject({ outcome: 'reset', tokensSent: 12, text })
  })

  test('truncated, it ends like a complete one without message_stop', async () => {
    const { text, events, error, entry } = await stream('truncate@7')
    expect(error).toBeUndefined()
    expect(events.at(-1)?.type).toBe('content_block_delta')
    expect(entry).toMatchObject({ outcome: 'truncated', tokensSent: 7, text })
  })

  test('a pause holds it up, and it goes on', async () => {
    const { text, events, whole } = await stream('stall=30ms@5')
    expect([text, events.at(-1)?.type]).toEqual([whole, 'message_stop'])
  })

  test('a position behind the end is never reached', async () => {
    const { text, error, whole } = await stream('error=500@31')
    expect([text, error]).toEqual([whole, undefined])
  })
})

describe('before the response', () => {
  test('a reset is a connection error', async () => {
    await expect(client.messages.create(ask('Hello [[sim reset]]'))).rejects.toBeInstanceOf(
      Anthropic.APIConnectionError,
    )
  })

  test('a stall outlasts the timeout of the client', async () => {
    const asked = client.messages.create(ask('Hello [[sim stall]]', { metadata: { user_id: 'stalled' } }), {
      timeout: 50,
    })
    await expect(asked).rejects.toBeInstanceOf(Anthropic.APIConnectionTimeoutError)
    await vi.waitFor(() => {
      const [entry] = simulator.log.list({ metadataUserId: 'stalled' })
      expect(entry).toMatchObject({ status: null, outcome: 'client_closed', tokensSent: 0 })
    })
  })
})

test('the log shows when the client closed its side of a silent stream', async () => {
  const { data, request_id: id } = await client.messages.create(ask('Hello [[sim stall@5]]')).withResponse()
  let deltas = 0
  for await (const event of data) {
    if (event.type === 'content_block_delta' && ++deltas === 5) break
  }
  await vi.waitFor(() => expect(simulator.log.find(id ?? '')?.outcome).toBe('client_closed'))
  const entry = simulator.log.find(id ?? '')
  expect(entry).toMatchObject({ status: 200, finishedAt: null, tokensSent: 5 })
  expect(Date.parse(entry?.clientClosedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(entry?.startedAt ?? ''))
})

test('without a stream, an error is a status and a reset a broken connection', async () => {
  const { stream: _, ...body } = ask('Hello [[sim error=overloaded_error@10]]')
  await expect(client.messages.create(body)).rejects.toBeInstanceOf(Anthropic.OverloadedError)
  const reset = client.messages.create(body, { headers: { 'x-simulator': 'reset@3' } })
  await expect(reset).rejects.toBeInstanceOf(Anthropic.APIConnectionError)
})
