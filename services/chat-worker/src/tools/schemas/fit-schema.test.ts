import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitSchema, type FittedSchema } from './fit-schema.ts'
import { restoreKeys } from './rename-keys.ts'
import { ToolUnusableError } from '../tool-errors.ts'

const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false })

function compile(schema: object): (value: unknown) => boolean {
  const validate = ajv.compile(schema)
  ajv.removeSchema(schema)
  return validate
}

const accepts = (schema: object, value: unknown): boolean => compile(schema)(value)

/** Keys of properties at any depth. */
function listKeys(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const below = Object.values(value).flatMap(listKeys)
  const { properties } = value as { properties?: unknown }
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties)
    ? [...Object.keys(properties), ...below]
    : below
}

function fit(raw: unknown): FittedSchema | undefined {
  try {
    return fitSchema(raw)
  } catch (error) {
    if (error instanceof ToolUnusableError) return undefined
    throw error
  }
}

const key = fc.constantFrom(
  'a',
  'b',
  'c',
  '$top',
  'filter[id]',
  '名',
  'x'.repeat(70),
  '',
  '__proto__',
  '\ud800',
)
const anyValue = fc.oneof(
  fc.constantFrom(null, true, false, 'a', '(', 0, 1, -1, 1.5, 'string', 'object', 'OBJECT'),
  fc.constantFrom(
    [],
    ['a'],
    ['a', 'a'],
    {},
    ['string', 'null'],
    Number.POSITIVE_INFINITY,
    '#',
    '#/$defs/a',
    '#/x',
  ),
)
const keyword = fc.constantFrom(
  'type',
  'required',
  'enum',
  'const',
  'default',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'minLength',
  'pattern',
  'description',
  '$ref',
  '$id',
  '$schema',
  '$anchor',
  'nullable',
  'examples',
  'uniqueItems',
  'id',
  'optional',
  'additionalItems',
  'multipleOf',
  'title',
  'format',
  'dependentRequired',
  '$recursiveAnchor',
)

/** Schemas that are read somewhere on the way: any keyword with any value. */
const oddSchema = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    anyValue,
    fc
      .tuple(
        fc.dictionary(keyword, anyValue, { maxKeys: 3 }),
        fc.dictionary(
          fc.constantFrom('items', 'not', 'if', 'additionalProperties', 'propertyNames', 'contains'),
          tie('schema'),
          { maxKeys: 1 },
        ),
        fc.dictionary(
          fc.constantFrom('allOf', 'anyOf', 'oneOf', 'items', 'prefixItems'),
          fc.array(tie('schema'), { maxLength: 3 }),
          { maxKeys: 2 },
        ),
        fc.dictionary(
          fc.constantFrom('properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas'),
          fc.dictionary(key, tie('schema'), { maxKeys: 3 }),
          { maxKeys: 2 },
        ),
      )
      .map((parts) => Object.fromEntries(parts.flatMap(Object.entries))),
  ),
})).schema

test('whatever a server sends as a schema, the model’s API takes what is offered of it', () => {
  let offered = 0
  fc.assert(
    fc.property(oddSchema, (raw) => {
      const fitted = fit(raw)
      if (!fitted) return
      offered += 1
      const { inputSchema, argumentSchema } = fitted
      expect(ajv.validateSchema(inputSchema)).toBe(true)
      expect(inputSchema).toMatchObject({ type: 'object' })
      for (const combinator of ['allOf', 'anyOf', 'oneOf', '$ref'])
        expect(inputSchema).not.toHaveProperty(combinator)
      for (const name of listKeys(inputSchema)) expect(name).toMatch(/^[a-zA-Z0-9_.-]{1,64}$/)
      expect(JSON.stringify(inputSchema)).not.toMatch(/\\ud[89a-f]/)
      expect(JSON.stringify(fitSchema(raw))).toBe(JSON.stringify(fitted))
      compile(argumentSchema)
    }),
    { numRuns: 1000 },
  )
  expect(offered).toBeGreaterThan(200)
})

/** Valid schemas with combinators at the top, and values around them; what properties are does not matter. */
const plainKey = fc.constantFrom('a', 'b', '$c')
const object = fc.record(
  {
    type: fc.constantFrom('object', ['object', 'null']),
    properties: fc.dictionary(plainKey, fc.constant({}), { maxKeys: 3 }),
    required: fc.subarray(['a', 'b', '$c']),
    additionalProperties: fc.boolean(),
  },
  { requiredKeys: [] },
)
const branch = fc.oneof(object, fc.constantFrom<object>({ $ref: '#/$defs/pair' }, { type: 'null' }))
const combinators = fc.dictionary(
  fc.constantFrom('allOf', 'anyOf', 'oneOf'),
  fc.array(branch, { minLength: 1, maxLength: 3 }),
)
const pair = { properties: { a: {} }, required: ['a'], oneOf: [{ required: ['b'] }, { required: ['$c'] }] }
const combined = fc
  .tuple(object, combinators)
  .map(([own, more]): object => Object.assign({}, own, more, { $defs: { pair } }))
const value = fc.dictionary(plainKey, fc.constantFrom('x', '', 2, 0, null, true), { maxKeys: 3 })

test('what fits a schema fits what is offered of it, under the names that the model knows', () => {
  let fitting = 0
  fc.assert(
    fc.property(combined, value, (schema, args) => {
      const fitted = fit(schema)
      const isFitting = accepts(schema, args)
      expect(isFitting && !fitted).toBe(false)
      if (!fitted) return
      const { inputSchema, argumentSchema, keyNames } = fitted
      expect(argumentSchema).toEqual(schema)
      const asked = Object.fromEntries(
        Object.entries(args).map(([name, each]) => [keyNames.get(name) ?? name, each]),
      )
      expect(restoreKeys(asked, keyNames)).toEqual(args)
      if (!isFitting) return
      fitting += 1
      expect(accepts(inputSchema, asked)).toBe(true)
    }),
    { numRuns: 1000 },
  )
  expect(fitting).toBeGreaterThan(50)
})
