import { expect, test } from 'vitest'
import { validateArguments } from './validate-arguments.ts'

const schema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }

test('arguments that fit have no complaint; others are told what is wrong', () => {
  expect(validateArguments({ path: '/tmp' }, schema)).toBeUndefined()
  expect(validateArguments({}, schema)).toContain("must have required property 'path'")
  expect(validateArguments('path', schema)).toContain('must be object')
})

test('schemas of other servers with the same $id are other schemas', () => {
  const text = { ...schema, $id: 'https://example/schema' }
  const number = { ...text, properties: { path: { type: 'number' } } }
  expect(validateArguments({ path: 'x' }, text)).toBeUndefined()
  expect(validateArguments({ path: 'x' }, number)).toContain('must be number')
})

test('a schema that cannot be read lets nothing through', () => {
  expect(validateArguments({}, { type: 'object', $ref: '#/nowhere' })).toBe(
    "the tool's own schema cannot be read",
  )
  expect(validateArguments({}, { type: 'banana' })).toBe("the tool's own schema cannot be read")
})
