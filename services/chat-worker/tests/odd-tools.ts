/** A tool as an odd server lists it, and what is to become of it. */
export interface OddTool {
  listed: unknown
  becomes: 'offered' | 'mapped' | 'left_out'
  /** Arguments that fit its schema, as its server is to get them. */
  args?: Record<string, unknown> | undefined
}

const text = { type: 'string' }
const schema = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'object',
  properties,
  ...more,
})

/** Tools with a schema, and a call that fits it. */
const withSchema: [
  name: string,
  becomes: OddTool['becomes'],
  inputSchema: unknown,
  args?: OddTool['args'],
][] = [
  ['plain', 'offered', schema({ a: text }, { required: ['a'] }), { a: 'x' }],
  ['empty', 'offered', { type: 'object', additionalProperties: false }, {}],
  ['draft07', 'offered', { $schema: 'http://json-schema.org/draft-07/schema#', ...schema({ a: text }) }, {}],
  [
    'conditional',
    'offered',
    { ...schema({ a: text, b: text }), if: { required: ['a'] }, else: { required: ['b'] } },
    { a: 'x', b: 'y' },
  ],
  [
    'nested_any',
    'offered',
    schema({ a: { anyOf: [text, { type: 'null' }] }, b: { $ref: '#/$defs/b' } }, { $defs: { b: text } }),
    { a: null, b: 'x' },
  ],
  // Combinators at the top.
  [
    'any_of',
    'mapped',
    {
      type: 'object',
      anyOf: [
        schema({ content: text }, { required: ['content'] }),
        schema({ url: text }, { required: ['url'] }),
      ],
    },
    { url: 'https://x' },
  ],
  [
    'one_of',
    'mapped',
    {
      oneOf: [
        schema({ by: { const: 'id' }, id: { type: 'integer' } }),
        schema({ by: { const: 'name' }, id: text }),
      ],
    },
    { by: 'name', id: 'x' },
  ],
  [
    'all_of',
    'mapped',
    { allOf: [schema({ a: text }), schema({ b: text }, { required: ['b'] })] },
    { b: 'x' },
  ],
  [
    'any_required',
    'mapped',
    schema(
      { a: text, b: text },
      { additionalProperties: false, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    ),
    { b: 'x' },
  ],
  ['ref_top', 'mapped', { $ref: '#/$defs/Args', $defs: { Args: schema({ a: text }) } }, { a: 'x' }],
  [
    'any_of_refs',
    'mapped',
    {
      anyOf: [{ $ref: '#/definitions/A' }, { $ref: '#/definitions/B' }],
      definitions: {
        A: schema({ a: text }),
        B: { allOf: [{ $ref: '#/definitions/A' }, schema({ b: text })] },
      },
    },
    { a: 'x', b: 'y' },
  ],
  ['any_of_self', 'mapped', { anyOf: [{ $ref: '#' }, schema({ a: text })] }],
  ['any_null', 'mapped', { anyOf: [schema({ a: text }), { type: 'null' }] }, { a: 'x' }],
  // Keys that the API does not take.
  ['brackets', 'mapped', schema({ 'filter[id]': text }), { 'filter[id]': '7' }],
  [
    'odata',
    'mapped',
    schema({ $top: { type: 'integer' }, '@odata.type': text }, { required: ['$top'] }),
    { $top: 5, '@odata.type': 'x' },
  ],
  ['long_key', 'mapped', schema({ ['k'.repeat(80)]: text }), { ['k'.repeat(80)]: 'x' }],
  ['empty_key', 'mapped', schema({ '': text }), { '': 'x' }],
  ['kanji_key', 'mapped', schema({ 名前: text, 住所: text }), { 名前: 'x', 住所: 'y' }],
  [
    'deep_keys',
    'mapped',
    schema({
      rows: { type: 'array', items: schema({ 'a b': schema({ 'c:d': text }) }, { required: ['a b'] }) },
    }),
    { rows: [{ 'a b': { 'c:d': 'x' } }] },
  ],
  [
    'def_keys',
    'mapped',
    schema(
      { node: { $ref: '#/$defs/node' } },
      { $defs: { node: schema({ 'is leaf?': { type: 'boolean' } }) } },
    ),
    { node: { 'is leaf?': true } },
  ],
  ['pointed_key', 'mapped', schema({ 'a/b': text, c: { $ref: '#/properties/a~1b' } }), { c: 'x' }],
  [
    'proto_key',
    'offered',
    JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}',
    ),
    { constructor: 'x' },
  ],
  // No object schema, or none that is whole.
  ['no_type', 'offered', { properties: { a: text } }, { a: 'x' }],
  ['no_schema', 'mapped', undefined, { any: 'x' }],
  ['null_schema', 'mapped', null, {}],
  ['true_schema', 'mapped', true, {}],
  ['object_or_null', 'offered', { type: ['object', 'null'], properties: { a: text } }, { a: 'x' }],
  ['upper_type', 'mapped', { type: 'OBJECT', properties: { a: { type: 'STRING' } } }, { a: 'x' }],
  ['text_schema', 'left_out', 'object'],
  ['list_schema', 'left_out', [{ type: 'object' }]],
  ['string_type', 'left_out', { type: 'string' }],
  // Not valid by draft 2020-12.
  [
    'exclusive_flag',
    'mapped',
    schema({ n: { type: 'integer', minimum: 0, exclusiveMinimum: true } }),
    { n: 1 },
  ],
  ['required_flag', 'mapped', schema({ a: { type: 'string', required: false } }), { a: 'x' }],
  ['tuple', 'mapped', schema({ p: { type: 'array', items: [text, { type: 'integer' }] } }), { p: ['x', 1] }],
  ['null_properties', 'mapped', { type: 'object', properties: null, required: null }, {}],
  ['nullable', 'mapped', schema({ a: { type: 'string', nullable: true } }), { a: null }],
  [
    'foreign_keyword',
    'mapped',
    schema({ a: { type: 'string', 'x-form': { pattern: '(', $ref: '#/none' }, 'x-order': 1 } }),
    { a: 'x' },
  ],
  ['dangling', 'mapped', schema({ a: { $ref: '#/components/schemas/A' } }), { a: { b: 1 } }],
  ['bad_pattern', 'mapped', schema({ a: { type: 'string', pattern: '[' } }), { a: 'x' }],
  ['half_letter', 'mapped', schema({ a: { type: 'string', description: 'cut \ud83d' } }), { a: 'x' }],
  // Too much.
  ['large', 'left_out', schema({ a: { enum: Array.from({ length: 9000 }, (_, n) => `value ${n}`) } })],
  ['deep', 'left_out', Array.from({ length: 300 }).reduce<unknown>((below) => schema({ a: below }), text)],
]

/** Tools whose trouble is elsewhere. */
const others: OddTool[] = [
  { listed: { name: 'dot.and/slash', inputSchema: schema({}) }, becomes: 'mapped', args: {} },
  { listed: { name: 'delete\nall', inputSchema: schema({}) }, becomes: 'left_out' },
  { listed: { name: 'sehr schön', inputSchema: schema({}) }, becomes: 'left_out' },
  { listed: { name: 'n'.repeat(129), inputSchema: schema({}) }, becomes: 'left_out' },
  { listed: { name: 7, inputSchema: schema({}) }, becomes: 'left_out' },
  { listed: { inputSchema: schema({}) }, becomes: 'left_out' },
  { listed: null, becomes: 'left_out' },
  { listed: ['plain'], becomes: 'left_out' },
  { listed: { name: 'plain', description: 'Another one', inputSchema: schema({}) }, becomes: 'left_out' },
  {
    listed: { name: 'odd_words', description: 7, annotations: 'none', title: ['x'], inputSchema: schema({}) },
    becomes: 'offered',
    args: {},
  },
  {
    listed: { name: 'blank_words', description: ' \0', annotations: [], inputSchema: schema({}) },
    becomes: 'offered',
    args: {},
  },
]

/** A pattern that takes longer than anything can wait on text that nearly fits it, and a call with such text. */
export const endless = {
  listed: { name: 'endless', inputSchema: schema({ a: { type: 'string', pattern: '^(a|a)*$' } }) },
  args: { a: `${'a'.repeat(60)}!` },
}

/** Every kind of tool that took others along, or could. */
export const oddTools: readonly OddTool[] = [
  ...withSchema.map(([name, becomes, inputSchema, args]) => ({
    listed: { name, description: `The tool ${name}`, inputSchema },
    becomes,
    args,
  })),
  ...others,
]
