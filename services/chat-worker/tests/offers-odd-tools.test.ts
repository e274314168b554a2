import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFreePort, readMetrics } from '@omni2/testkit'
import { nameTool } from '../src/tools/name-tool.ts'
import { fitSchema } from '../src/tools/schemas/fit-schema.ts'
import { sumModelCost } from './model-prices.ts'
import { openNotesWorld, type NotesWorld } from './notes-world.ts'
import { openOddServer, type OddServer } from './odd-server.ts'
import { endless, oddTools, type OddTool } from './odd-tools.ts'
import { openRefusingGate, type RefusingGate } from './refusing-gate.ts'

let world: NotesWorld
let odd: OddServer
let gate: RefusingGate
let healthUrl: string

const stack = new AsyncDisposableStack()
/** A tool that only the API itself refuses. */
const refused = { name: 'refused', description: 'The API refuses it', inputSchema: { type: 'object' } }

beforeAll(async () => {
  world = stack.use(await openNotesWorld())
  odd = stack.use(await openOddServer([...oddTools.map(({ listed }) => listed), refused]))
  gate = stack.use(await openRefusingGate(world.model.url, refused.description))
  await world.database.query(`insert into omni2.mcp_servers (name, url) values ('odd', $1)`, [odd.url])
  await world.database.query(`update auth_service.roles set mcp_access = '{notes,odd}'`)
  const port = await findFreePort()
  healthUrl = `http://127.0.0.1:${port}`
  await world.startWithTools({
    HEALTH_PORT: String(port),
    ANTHROPIC_BASE_URL: gate.url,
    MODEL_TOOL_CALLS: '100',
  })
})
afterAll(() => stack.disposeAsync())

async function run(text: string) {
  const turn = world.makeTurn(text)
  const { ended } = await world.send(turn)
  const end = await ended
  if (end.type !== 'done') throw new Error(`ended with ${JSON.stringify(end)}`)
  return { turn, result: end.result, tools: JSON.stringify(world.readRequests(1)[0]?.tools) }
}

const nameOf = ({ listed }: OddTool): string => (listed as { name: string }).name

/** The call as the model makes it, which knows only the names that it was offered. */
function askFor(tool: OddTool): string {
  const { keyNames } = fitSchema((tool.listed as { inputSchema: unknown }).inputSchema)
  const args = [...keyNames].reduce(
    (text, [key, name]) => text.replaceAll(JSON.stringify(key), JSON.stringify(name)),
    JSON.stringify(tool.args),
  )
  return `tool=${nameTool('odd', nameOf(tool))}:${args}`
}

test('a turn with odd tools succeeds; the tool that only the API refuses is set aside', async () => {
  const { tools } = await run('Hello')
  expect(gate.refusals).toEqual([expect.stringMatching(/^tools\.\d+\.custom\.input_schema: Unsupported$/)])
  const names = oddTools
    .filter(({ becomes }) => becomes !== 'left_out')
    .map((tool) => nameTool('odd', nameOf(tool)))
  const offered = (JSON.parse(tools) as { name: string }[]).map(({ name }) => name)
  expect(offered.filter((name) => name.startsWith('odd'))).toEqual(names.toSorted())
  expect((await run('Hello again')).tools).toBe(tools)
  expect(gate.refusals).toHaveLength(1)
  const metrics = await readMetrics(healthUrl)
  const count = (state: string) => metrics.get(`omni2_worker_tools{state="${state}"}`)
  expect(count('mapped')).toBe(oddTools.filter(({ becomes }) => becomes === 'mapped').length)
  expect(count('left_out')).toBe(oddTools.filter(({ becomes }) => becomes === 'left_out').length)
  expect(count('set_aside')).toBe(1)
})

test('a refused request is not billed, and the reason for the repetition is recorded', async () => {
  odd.tools = [...odd.tools, { ...refused, name: 'refused_too' }]
  await world.database.query(`update omni2.mcp_servers set url = url || '?' where name = 'odd'`)
  const { turn, result } = await run('And again')
  expect(gate.refusals).toHaveLength(3)
  expect(result.cost_usd).toBeCloseTo(sumModelCost(world.model.log.list({ limit: 1 })), 8)
  const thoughts = (await world.readEvents(turn)).filter(({ event_type }) => event_type === 'llm_thinking')
  expect(thoughts.map(({ data }) => data['after'])).toEqual([undefined, 'model_rejected', 'model_rejected'])
})

test('each odd tool that is offered is called with its own arguments', async () => {
  const called = oddTools.filter(({ args }) => args)
  await run(`Call [[sim ${called.map(askFor).join(' ')}]]`)
  const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1)
  expect(odd.calls.toSorted(byName)).toEqual(
    called.map((tool) => ({ name: nameOf(tool), arguments: tool.args })).toSorted(byName),
  )
})

test('arguments are checked against the schema of the server, not the one that the model gets', async () => {
  const before = odd.calls.length
  const { turn } = await run('Call [[sim tool=odd__any_of:{}]]')
  expect(odd.calls).toHaveLength(before)
  const called = (await world.readEvents(turn)).find(({ event_type }) => event_type === 'tool_result')
  expect(called).toMatchObject({ data: { tool: 'any_of', status: 'error' } })
})

test('a call whose check does not end costs neither its turn nor the turns of others', async () => {
  odd.tools = [...odd.tools, endless.listed]
  await world.database.query(`update omni2.mcp_servers set url = url || '?' where name = 'odd'`)
  const called = odd.calls.length
  const turn = world.makeTurn(`Check [[sim tool=odd__endless:${JSON.stringify(endless.args)}]]`)
  const { frames, ended } = await world.send(turn)
  const isCalled = () => frames.some(({ type }) => type === 'tool_call')
  await expect.poll(isCalled, { timeout: 10_000 }).toBe(true)
  await run('Meanwhile [[sim tool=notes__read_note]]')
  expect(await ended).toMatchObject({ type: 'done', result: { tool_calls: 1 } })
  expect(frames.find(({ type }) => type === 'tool_result')).toMatchObject({ status: 'error' })
  expect(JSON.stringify(world.readRequests(1)[0]?.messages.at(-1))).toContain('could not be checked')
  expect(odd.calls).toHaveLength(called)
})
