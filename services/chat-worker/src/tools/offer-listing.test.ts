import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oddTools } from '../../tests/odd-tools.ts'
import { offerListing } from './offer-listing.ts'

const bounds = { server: 'odd', maxTools: 200 }
const listed = oddTools.map((tool) => tool.listed)
const object = { type: 'object' }

test('says of each odd tool what became of it, and of no other', async () => {
  const { tools, notes } = await offerListing(listed, bounds)
  const count = (state: string) => oddTools.filter(({ becomes }) => becomes === state).length
  expect(tools).toHaveLength(count('offered') + count('mapped'))
  expect(notes.filter(({ state }) => state === 'mapped')).toHaveLength(count('mapped'))
  expect(notes.filter(({ state }) => state === 'left_out')).toHaveLength(count('left_out'))
  const find = (name: string) => notes.find(({ tool }) => tool === name)
  expect(find('any_of')).toEqual({
    tool: 'any_of',
    state: 'mapped',
    offered_as: 'odd__any_of',
    why: 'alternatives folded',
  })
  expect(find('delete\nall')).toMatchObject({ why: 'its name is not one that MCP allows' })
  expect(find('plain')).toMatchObject({ why: 'another tool of its server has its name' })
  expect(find('dot.and/slash')).toMatchObject({ why: 'name changed' })
  expect(find('odd_words')).toBeUndefined()
})

test('folds alternatives into what all of them have and each of them requires', async () => {
  const offered = new Map((await offerListing(listed, bounds)).tools.map((tool) => [tool.tool, tool]))
  expect(offered.get('one_of')?.inputSchema).toEqual({
    type: 'object',
    properties: {
      by: { anyOf: [{ const: 'id' }, { const: 'name' }] },
      id: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    },
  })
  expect(offered.get('all_of')?.inputSchema).toMatchObject({ required: ['b'] })
  expect(offered.get('any_required')?.inputSchema).toMatchObject({ additionalProperties: false })
  expect(offered.get('any_of')?.argumentSchema).toHaveProperty('anyOf')
})

test('is the same whatever the order in which a server lists its tools', async () => {
  const names = oddTools.filter((tool) => tool.becomes !== 'left_out').map((tool) => tool.listed)
  const one = JSON.stringify((await offerListing(names, bounds)).tools)
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(names, { minLength: names.length }), async (shuffled) => {
      expect(JSON.stringify((await offerListing(shuffled, bounds)).tools)).toBe(one)
    }),
    { numRuns: 20 },
  )
})

test('leaves out what is beyond the number and the size of one server’s tools', async () => {
  const many = ['c', 'a', 'b'].map((name) => ({ name, inputSchema: object }))
  const few = await offerListing(many, { ...bounds, maxTools: 2 })
  expect(few.tools.map(({ tool }) => tool)).toEqual(['a', 'b'])
  expect(few.notes).toMatchObject([{ tool: 'c', state: 'left_out' }])
  const enumeration = { enum: Array.from({ length: 3000 }, (_, number) => `value ${number}`) }
  const large = Array.from({ length: 20 }, (_, number) => ({
    name: `t${number}`,
    inputSchema: { ...object, properties: { a: enumeration } },
  }))
  const { tools, notes } = await offerListing(large, bounds)
  expect(tools.length + notes.length).toBe(20)
  expect(tools.length).toBeGreaterThan(3)
  const shown = tools.map(({ inputSchema }) => inputSchema)
  expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThan(262_144 + 65_536)
})

test('a reference that leads through others leads on, one that leads back to itself nowhere', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 1800 }, (_, at) => [`d${at}`, { $ref: `#/$defs/d${at + 1}` }]),
  )
  const properties = { a: { $ref: '#/$defs/a' }, loop: { $ref: '#/$defs/loop' }, far: { $ref: '#/$defs/d0' } }
  const $defs = { ...chain, a: { $ref: '#/$defs/b' }, b: { type: 'string' }, loop: { $ref: '#/$defs/loop' } }
  const inputSchema = { ...object, properties, $defs }
  const { tools } = await offerListing([{ name: 'chain', inputSchema }], bounds)
  expect(tools[0]?.inputSchema['properties']).toEqual({ a: { $ref: '#/$defs/a' }, loop: {}, far: {} })
})

test('a server cannot make a schema explode', async () => {
  const level = (next: number) => ({ anyOf: [{ $ref: `#/$defs/l${next}` }, { $ref: `#/$defs/l${next}` }] })
  const $defs = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`l${at}`, level(at + 1)]))
  const { notes } = await offerListing([{ name: 'bomb', inputSchema: { ...level(0), $defs } }], bounds)
  expect(notes).toMatchObject([{ state: 'left_out', why: 'its schema has too many alternatives' }])
})
