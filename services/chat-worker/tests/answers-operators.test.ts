import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerToolCallRequest } from '../src/requests/answer-tool-call-request.ts'
import { answerToolsRequest } from '../src/requests/answer-tools-request.ts'
import { openToolWorld, sid, type ToolWorld } from './tool-world.ts'

let world: ToolWorld

beforeAll(async () => {
  world = await openToolWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const callAs = (user_id: number, tool: string, input: Record<string, unknown> = {}) =>
  answerToolCallRequest({ server: 'notes', tool, arguments: input, user_id, sid }, world)

test('tools of a server - asked again only for who wants that', async () => {
  let refreshed = 0
  const toolbox = {
    list: world.toolbox.list.bind(world.toolbox),
    notes: world.toolbox.notes.bind(world.toolbox),
    refresh: () => void (refreshed += 1),
  }
  const { tools, reason } = await answerToolsRequest({ server: 'notes', fresh: false }, { toolbox })
  expect(tools).toContain('read_note')
  expect([reason, refreshed]).toEqual([null, 0])
  await answerToolsRequest({ server: 'notes', fresh: true }, { toolbox })
  expect(refreshed).toBe(1)
})

test('a call of an operator - what a model would be given, with the operator’s own rights', async () => {
  expect(await callAs(2, 'write_note', { text: 'milk' })).toMatchObject({
    status: 'ok',
    content: expect.stringContaining('wrote milk'),
    rule: 'all',
    truncated: false,
    duration_ms: expect.any(Number),
  })
  expect(await callAs(2, 'write_note', { text: 7 })).toMatchObject({ status: 'error' })
  expect(await callAs(9, 'read_note')).toMatchObject({ status: 'refused' })
})

test('a call of a tool or a server that is not there says so', async () => {
  expect(await callAs(2, 'no_such_tool')).toMatchObject({
    status: 'error',
    content: 'The server offers no tool no_such_tool.',
  })
  const unknown = { server: 'gone', tool: 'x', arguments: {}, user_id: 2, sid }
  expect((await answerToolCallRequest(unknown, world)).status).toBe('error')
})
