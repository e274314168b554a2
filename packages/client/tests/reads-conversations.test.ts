import { expect, test } from 'vitest'
import { ChatApi } from '../src/index.ts'
import { openScriptedServer, type ScriptedServer } from './scripted-server.ts'

async function answer(server: ScriptedServer, status: number, body: unknown) {
  const { request, body: sent, response } = await server.nextRequest()
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  const { method, url, headers } = request
  return {
    asked: `${method} ${url}`,
    sent: sent === '' ? undefined : JSON.parse(sent),
    token: headers.authorization,
  }
}

test('every method asks for what it says, with the proof of its user', async () => {
  await using server = await openScriptedServer()
  const api = new ChatApi({ url: server.url, token: 'secret' })
  const page = { items: [], next_cursor: null }
  const calls = [
    [
      () => api.listConversations({ search: 'a b&c', limit: 10 }),
      'GET /api/v1/conversations?search=a+b%26c&limit=10',
    ],
    [() => api.listConversations(), 'GET /api/v1/conversations'],
    [() => api.listTurns('../x', { cursor: 'c' }), 'GET /api/v1/conversations/..%2Fx/turns?cursor=c'],
    [() => api.renameConversation('1', 'New'), 'PATCH /api/v1/conversations/1'],
    [() => api.deleteConversation('1'), 'DELETE /api/v1/conversations/1'],
    [() => api.request('GET', '/api/v1/flows', { query: { model: '' } }), 'GET /api/v1/flows'],
  ] as const
  for (const [call, asked] of calls) {
    const calling = call()
    expect(await answer(server, 200, page)).toMatchObject({ asked, token: 'Bearer secret' })
    await calling
  }
  const renaming = api.renameConversation('1', 'New')
  expect(await answer(server, 200, {})).toMatchObject({ sent: { title: 'New' } })
  await renaming
})

test('a refused token is renewed once, and the request sent again', async () => {
  await using server = await openScriptedServer()
  const token = ({ renew }: { renew: boolean }) => (renew ? 'new' : 'old')
  const api = new ChatApi({ url: server.url, token })
  const listing = api.listConversations()
  const refusal = { code: 'token_expired', error: 'It has expired.' }
  expect(await answer(server, 401, refusal)).toMatchObject({ token: 'Bearer old' })
  expect(await answer(server, 401, refusal)).toMatchObject({ token: 'Bearer new' })
  await expect(listing).rejects.toMatchObject({ code: 'token_expired', status: 401 })
})

test('a fixed token is not sent twice; what is no JSON is an error', async () => {
  await using server = await openScriptedServer()
  const api = new ChatApi({ url: server.url, token: 'secret' })
  const refused = api.listConversations()
  await answer(server, 401, { code: 'token_expired', error: 'It has expired.' })
  await expect(refused).rejects.toMatchObject({ code: 'token_expired' })
  const broken = api.listConversations()
  await answer(server, 200, '<html>')
  await expect(broken).rejects.toMatchObject({ code: 'bad_answer' })
})
