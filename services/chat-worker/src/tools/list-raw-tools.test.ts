import type { Client } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { listRawTools } from './list-raw-tools.ts'
import { readTools } from './read-tools.ts'
import { ListingTooLongError } from './tool-errors.ts'
import { readMessages } from './wire/read-message.ts'

/** A client whose server answers each cursor with the page of that name. */
function clientOf(pages: Record<string, unknown>): Client {
  const request = async ({ params }: { params: { cursor?: string } }) => {
    const answer = { jsonrpc: '2.0', id: 1, result: pages[params.cursor ?? 'first'] }
    const [message] = readMessages(JSON.stringify(answer))
    return message && 'result' in message ? message.result : {}
  }
  return { request, getServerCapabilities: () => ({ tools: {} }) } as unknown as Client
}

const list = (pages: Record<string, unknown>) => listRawTools(clientOf(pages), { timeoutMs: 1, maxPages: 3 })

test('pages are followed until there is no next one', async () => {
  expect(await list({ first: { tools: [1], nextCursor: 'a' }, a: { tools: ['2'] } })).toEqual([1, '2'])
})

test.each([[7], [''], [{}], [null], ['a']])(
  'next cursor %j on the second page - the list ends',
  async (next) => {
    expect(
      await list({ first: { tools: [1], nextCursor: 'a' }, a: { tools: [2], nextCursor: next } }),
    ).toEqual([1, 2])
  },
)

test('a list that does not end is given up', async () => {
  let page = 0
  const endless = new Proxy({}, { get: () => ({ tools: [1], nextCursor: `c${(page += 1)}` }) })
  await expect(list(endless)).rejects.toThrow(ListingTooLongError)
  expect(page).toBe(3)
})

const readNames = async (tools: unknown) => {
  const options = { server: 's', maxTools: 9, timeoutMs: 1, maxPages: 1 }
  return (await readTools(clientOf({ first: { tools } }), options)).tools.map(({ tool }) => tool)
}

test('a tool that cannot be read costs only itself, and odd details cost nothing', async () => {
  const inputSchema = { type: 'object' }
  const odd = [
    null,
    7,
    [],
    {},
    { name: 'a', inputSchema: 7 },
    { name: 7, inputSchema },
    { name: '', inputSchema },
  ]
  const fine = {
    name: 'fine',
    inputSchema,
    outputSchema: 7,
    icons: 'none',
    _meta: [],
    description: 7,
    annotations: 3,
  }
  const hinted = { name: 'hinted', inputSchema, annotations: { title: 7, readOnlyHint: 'yes' } }
  expect(await readNames([...odd, fine, hinted])).toEqual(['fine', 'hinted'])
  expect(await readNames('none')).toEqual([])
})

test('a list is given up where its pages are too much together', async () => {
  const many = { tools: Array(1500).fill(0) }
  expect(await list({ first: many })).toHaveLength(1500)
  await expect(list({ first: { ...many, nextCursor: 'a' }, a: many })).rejects.toThrow(ListingTooLongError)
  const long = { tools: ['x'.repeat(3 * 1024 * 1024)] }
  await expect(list({ first: { ...long, nextCursor: 'a' }, a: long })).rejects.toThrow(ListingTooLongError)
})
