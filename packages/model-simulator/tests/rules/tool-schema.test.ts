import { expect, test } from 'vitest'
import { refusalOf } from './refusal-of.ts'

const ofProperty = (property: unknown) => ({ type: 'object', properties: { a: property } })
const ofKey = (key: string) => ({ type: 'object', properties: { [key]: { type: 'string' } } })

test.each<[string, object]>([
  ['nothing but its type', { type: 'object' }],
  ['null where nothing is', { type: 'object', properties: null, required: null }],
  ['keys of 64 characters', ofKey('k'.repeat(64))],
  ['keys with dots and dashes', ofKey('a_B.c-9')],
  ['combinators below the top', ofProperty({ anyOf: [{ type: 'string' }, { type: 'null' }] })],
  ['another draft named', { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }],
  ['definitions that are there', { ...ofProperty({ $ref: '#/$defs/b' }), $defs: { b: {} } }],
  ['a reference to itself', ofProperty({ $ref: '#' })],
  ['an escaped reference', { ...ofProperty({ $ref: '#/$defs/b~1c' }), $defs: { 'b/c': {} } }],
  ['a pattern', ofProperty({ type: 'string', pattern: '^[a-z]+(?=x)$' })],
  ['bad patterns among data', ofProperty({ default: { pattern: '(', $ref: '#/none' } })],
  ['keywords of no draft', ofProperty({ type: 'string', 'x-order': 1, example: 'e' })],
  ['a boolean as a schema', { ...ofProperty(true), additionalProperties: false }],
])('takes a schema with %s', (_, input_schema) => {
  expect(refusalOf({ tools: [{ name: 'f', input_schema }] })).toBeUndefined()
})

const draft = 'input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12'

test.each<[string, string, unknown]>([
  ['no type', 'input_schema.type: Field required', {}],
  ['another type', "input_schema.type: Input should be 'object'", { type: 'string' }],
  ['several types', "input_schema.type: Input should be 'object'", { type: ['object'] }],
  ['a boolean', 'input_schema: Input should be a valid dictionary', true],
  ...['anyOf', 'oneOf', 'allOf'].map((keyword): [string, string, unknown] => [
    `${keyword} at its top`,
    'input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level',
    { type: 'object', [keyword]: [{ required: ['a'] }] },
  ]),
  ...['filter[id]', '$top', 'a b', '', 'ü', 'k'.repeat(65), 'a\0', 'a\n'].map(
    (key): [string, string, unknown] => [
      `the key ${JSON.stringify(key)}`,
      "input_schema.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
      ofKey(key),
    ],
  ),
  ['a boolean exclusiveMinimum', draft, ofProperty({ type: 'integer', minimum: 0, exclusiveMinimum: true })],
  ['an unknown type', draft, ofProperty({ type: 'str' })],
  ['a type in place of a schema', draft, ofProperty('number')],
  ['a list of items', draft, ofProperty({ type: 'array', items: [{ type: 'string' }] })],
  ['a boolean required', draft, ofProperty({ type: 'string', required: true })],
  ['an empty enum of no list', draft, ofProperty({ enum: 'a' })],
  ['a negative length', draft, ofProperty({ type: 'string', minLength: -1 })],
  ['a pattern that is none', draft, ofProperty({ type: 'string', pattern: '(' })],
  [
    'a bad pattern in a property named as a keyword is',
    draft,
    { type: 'object', properties: { default: { type: 'string', pattern: '(' } } },
  ],
  ['a pattern of keys that is none', draft, ofProperty({ patternProperties: { '[': {} } })],
  ['a broken reference', draft, ofProperty({ $ref: '#/$defs/none' })],
  ['a reference to a prototype', draft, ofProperty({ $ref: '#/constructor' })],
  [
    'a name required that is no string',
    'input_schema.required.0: Input should be',
    { type: 'object', required: [1] },
  ],
])('refuses a schema with %s', (_, message, input_schema) => {
  const good = { name: 'f', input_schema: { type: 'object' } }
  expect(refusalOf({ tools: [good, { name: 'g', input_schema }] })).toContain(`tools.1.custom.${message}`)
})
