import Anthropic from '@anthropic-ai/sdk'
import { afterAll, describe, expect, test } from 'vitest'
import { ask, collectEvents, openClient } from './open-client.ts'

const { simulator, client } = await openClient({ models: ['claude-sonnet-5-5'], maxBodyBytes: 100_000 })
afterAll(() => simulator[Symbol.asyncDispose]())

const version = { 'anthropic-version': '2023-06-01' }

async function catchError(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    (value) => value,
    (error: unknown) => error,
  )
}

describe('an error before the stream', () => {
  test.each([
    ['400', Anthropic.BadRequestError, 400, 'invalid_request_error'],
    ['401', Anthropic.AuthenticationError, 401, 'authentication_error'],
    ['402', Anthropic.PaymentRequiredError, 402, 'billing_error'],
    ['403', Anthropic.PermissionDeniedError, 403, 'permission_error'],
    ['404', Anthropic.NotFoundError, 404, 'not_found_error'],
    ['413', Anthropic.ContentTooLargeError, 413, 'request_too_large'],
    ['429', Anthropic.RateLimitError, 429, 'rate_limit_error'],
    ['500', Anthropic.InternalServerError, 500, 'api_error'],
    ['504', Anthropic.GatewayTimeoutError, 504, 'timeout_error'],
    ['529', Anthropic.OverloadedError, 529, 'overloaded_error'],
  ])('%s is what the SDK knows by that status', async (code, kind, status, type) => {
    const error = await catchError(client.messages.create(ask(`Hello [[sim error=${code}]]`)))
    expect(error).toBeInstanceOf(kind)
    if (!(error instanceof kind)) return
    expect([error.status, error.type]).toEqual([status, type])
    expect(error.headers?.get('retry-after')).toBeNull()
    expect(error.requestID).toMatch(/^req_/)
    expect(error.error).toMatchObject({ type: 'error', request_id: error.requestID })
    expect(simulator.log.find(error.requestID ?? '')).toMatchObject({
      status,
      outcome: 'refused',
      usage: null,
    })
  })

  test('says when to come back, and which limit is spent, where it is asked to', async () => {
    const asked = ask('Hello [[sim error=429 retry-after=7 code=enforced_spend_limit_reached]]')
    const error = await catchError(client.messages.create(asked))
    expect(error).toBeInstanceOf(Anthropic.RateLimitError)
    if (!(error instanceof Anthropic.RateLimitError)) return
    expect(error.headers?.get('retry-after')).toBe('7')
    expect(error.errorCode).toBe('enforced_spend_limit_reached')
  })

  test('can be asked for by a header', async () => {
    const error = await catchError(
      client.messages.create(ask('Hello'), { headers: { 'x-simulator': 'error=overloaded_error' } }),
    )
    expect(error).toBeInstanceOf(Anthropic.OverloadedError)
  })

  test('goes away after fail-first requests, so that a retry succeeds', async () => {
    const body = ask('Hello [[sim error=529 fail-first=2 key=retry]]')
    const answers = [
      await catchError(client.messages.create(body)),
      await catchError(client.messages.create(body)),
    ]
    for (const answer of answers) expect(answer).toBeInstanceOf(Anthropic.OverloadedError)
    const { events } = await collectEvents(await client.messages.create(body))
    expect(events.at(-1)?.type).toBe('message_stop')
  })
})

describe('a request is refused that', () => {
  test('has a bad directive: it is named', async () => {
    const error = await catchError(client.messages.create(ask('Hello [[sim speed=9]]')))
    expect(error).toBeInstanceOf(Anthropic.BadRequestError)
    expect(error).toMatchObject({ apiMessage: expect.stringContaining('"speed=9" is unknown') as string })
  })

  test('names an unknown model', async () => {
    const error = await catchError(client.messages.create(ask('Hello', { model: 'claude-unheard-of' })))
    expect(error).toBeInstanceOf(Anthropic.NotFoundError)
    expect(error).toMatchObject({ type: 'not_found_error', apiMessage: 'model: claude-unheard-of' })
  })

  test('is too large', async () => {
    const error = await catchError(client.messages.create(ask('x'.repeat(200_000))))
    expect(error).toBeInstanceOf(Anthropic.ContentTooLargeError)
  })

  test.each([
    ['no key', {}, '{}', 401, 'authentication_error'],
    ['no version', { 'x-api-key': 'any' }, '{}', 400, 'invalid_request_error'],
    [
      'a strange version',
      { 'x-api-key': 'any', 'anthropic-version': 'newest' },
      '{}',
      400,
      'invalid_request_error',
    ],
    ['no JSON', { 'x-api-key': 'any', ...version }, '{"model"', 400, 'invalid_request_error'],
    [
      'no messages',
      { authorization: 'Bearer any', ...version },
      '{"model":"m","max_tokens":1}',
      400,
      'invalid_request_error',
    ],
  ])('has %s', async (_, headers, body, status, type) => {
    const response = await fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers, body })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ type: 'error', error: { type } })
  })

  test.each([
    ['half a surrogate pair', JSON.stringify(ask('\ud83d')), 'no low surrogate in string'],
    ['bytes that are no UTF-8', Buffer.from(JSON.stringify(ask('é')), 'latin1'), 'it is not UTF-8'],
  ])('has %s', async (_, body, why) => {
    const headers = { 'x-api-key': 'any', ...version }
    for (const path of ['messages', 'messages/count_tokens']) {
      const response = await fetch(`${simulator.url}/v1/${path}`, { method: 'POST', headers, body })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        error: { message: expect.stringContaining(`not valid JSON: ${why}`) as string },
      })
    }
  })

  test('goes nowhere', async () => {
    const response = await fetch(`${simulator.url}/v1/unheard-of`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { type: 'not_found_error' } })
  })
})

describe('a count', () => {
  const { model, messages } = ask('Hello')

  test.each([
    ['tools.0.custom.input_schema.type: Field required', { tools: [{ name: 'f', input_schema: {} }] }],
    ['max_tokens: Extra inputs are not permitted', { max_tokens: 10 }],
    ['model: claude-unheard-of', { model: 'claude-unheard-of' }],
  ])('is refused with "%s"', async (message, change) => {
    const params = { model, messages, ...change } as Anthropic.MessageCountTokensParams
    await expect(client.messages.countTokens(params)).rejects.toThrow(message)
  })
})
