import { afterAll, beforeAll, expect, test } from 'vitest'
import { openNotesWorld, type NotesWorld } from './notes-world.ts'

/** Tokens of the window of the model, which counts one for four characters. */
const window = 30_000

let world: NotesWorld

beforeAll(async () => {
  world = await openNotesWorld({ model: { contextTokens: window - 1000 } })
  await world.startWithTools({ MODEL_CONTEXT_TOKENS: String(window), MODEL_MAX_TOKENS: '1000' })
})
afterAll(() => world[Symbol.asyncDispose]())

const lengthsOf = (results: string | Record<string, unknown>[] | undefined): number[] =>
  [results ?? []].flat().map((result) => (typeof result === 'object' ? String(result['content']).length : 0))

test('sixteen long results a round, three rounds - the model never gets more than it can read', async () => {
  const long = 'tool=notes__shout:{"bytes":65536} '.repeat(15)
  const turn = world.makeTurn(`Read [[sim ${long} tool=notes__read_note rounds=3]]`)
  expect(await (await world.send(turn)).ended).toMatchObject({
    type: 'done',
    result: { iterations: 4, tool_calls: 48 },
  })
  const events = await world.readEvents(turn)
  expect(events.filter(({ data }) => data['after'] !== undefined)).toEqual([])
  const messages = world.readRequests(1)[0]?.messages ?? []
  const [first = [], second = [], third = []] = [2, 4, 6].map((index) => lengthsOf(messages[index]?.content))
  for (const lengths of [first, second, third])
    expect(Math.max(...lengths.slice(0, 15)) - Math.min(...lengths.slice(0, 15))).toBeLessThan(50)
  expect(Math.max(...first, ...second)).toBeLessThan(Math.min(...third.slice(0, 15)))
  const [note] = [messages[6]?.content ?? []].flat().slice(-1)
  expect(note).toMatchObject({ content: expect.stringMatching(/the note\n<\/\w+>$/) })
  const cut = expect.stringMatching(/Shortened: \d+ of \d+ characters are left out/)
  expect([messages[6]?.content].flat()[0]).toMatchObject({ content: cut })
  // The record of the turn is still complete.
  await expect.poll(() => world.readSettlement(turn)).toBeDefined()
  const settlement = await world.readSettlement(turn)
  expect(JSON.stringify(settlement?.activities)).not.toContain('Shortened')
})

test('the model gets as much of a conversation in Chinese as fits by its tokens', async () => {
  const first = world.makeTurn('三'.repeat(8000))
  const conversation = { conversation_id: first.conversation_id }
  for (const turn of [first, world.makeTurn('四'.repeat(8000), conversation)])
    expect((await (await world.send(turn)).ended).type).toBe('done')
  const last = world.makeTurn('五'.repeat(8000), conversation)
  expect((await (await world.send(last)).ended).type).toBe('done')
  const thinking = (await world.readEvents(last)).find(({ event_type }) => event_type === 'llm_thinking')
  expect(thinking?.data).toMatchObject({ call: 1, turns_left_out: 1 })
})
