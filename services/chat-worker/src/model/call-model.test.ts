import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { TurnStopError } from '../signals/turn-stop.ts'
import { callModel } from './call-model.ts'
import { ModelCircuitOpenError } from './model-circuit.ts'
import { noUsage } from '../prices.ts'

const request = {
  model: 'model',
  max_tokens: 10,
  system: 's'.repeat(4000),
  tools: [{ name: 'read', description: 't'.repeat(4000), input_schema: { type: 'object' } }],
  messages: [{ role: 'user', content: 'm'.repeat(4000) }],
} satisfies Anthropic.MessageCreateParamsNonStreaming

const metrics = { modelRequests: { add: () => {} }, modelSeconds: { observe: () => {} } }

interface Situation {
  /** Undefined: no server listens. */
  answer?: RequestListener | undefined
  signal?: AbortSignal
  circuit?: { run: <T>(call: () => Promise<T>) => Promise<T> }
}

async function call({
  answer,
  signal = new AbortController().signal,
  circuit = { run: (make) => make() },
}: Situation) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  if (!answer) server.close()
  const client = new Anthropic({ apiKey: 'test', baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 })
  const deps = { client, circuit, signal, stallMs: 60_000, metrics, onWork: () => {}, onText: () => {} }
  const { usage } = await callModel(request, deps)
  server.closeAllConnections()
  server.close()
  return usage
}

/** One token for three letters of the sent text, and some for its frame. */
const wholePrompt = expect.toSatisfy((tokens: number) => tokens > 4000 && tokens < 4100)
const estimated = { ...noUsage, input: wholePrompt, estimated: true }

test('a connection that breaks before the first event - the whole prompt, estimated', async () => {
  const usage = await call({
    answer: (incoming) => incoming.resume().on('end', () => incoming.socket.destroy()),
  })
  expect(usage).toEqual(estimated)
  expect(usage.input).toBeGreaterThan(3000)
})

test('a call that is stopped before the first event - the whole prompt, estimated', async () => {
  const stopping = new AbortController()
  const answer: RequestListener = (incoming) =>
    incoming.resume().on('end', () => stopping.abort(new TurnStopError('cancelled')))
  expect(await call({ answer, signal: stopping.signal })).toEqual(estimated)
})

test('a stream that breaks off before the model has counted - the whole prompt, estimated', async () => {
  const answer: RequestListener = (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end('event: ping\ndata: {"type":"ping"}\n\n')
  expect(await call({ answer })).toEqual(estimated)
})

test('an HTTP error - nothing', async () => {
  expect(await call({ answer: (_, response) => response.writeHead(529).end('{}') })).toEqual(noUsage)
})

test('a call that was stopped before it was made - nothing', async () => {
  expect(await call({ signal: AbortSignal.abort(new TurnStopError('cancelled')) })).toEqual(noUsage)
})

test('an open circuit - nothing', async () => {
  const circuit = { run: () => Promise.reject(new ModelCircuitOpenError(1)) }
  expect(await call({ circuit })).toEqual(noUsage)
})

test('an unreachable server - nothing', async () => {
  expect(await call({ answer: undefined })).toEqual(noUsage)
})
