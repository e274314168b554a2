import { readFileSync } from 'node:fs'
import specs from '@asyncapi/specs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { documents, documentUrl } from './documents.ts'

test.each(Object.entries(documents))('%s is what the contracts say; else npm run generate', (name, make) => {
  expect(JSON.parse(readFileSync(documentUrl(name), 'utf8'))).toEqual(JSON.parse(JSON.stringify(make())))
})

test('openapi.json is a valid OpenAPI document', async () => {
  const { valid, errors } = await new Validator().validate(
    JSON.parse(JSON.stringify(documents['openapi.json']())),
  )
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
})

test('asyncapi.json is a valid AsyncAPI document', () => {
  const schema: object = specs.schemasWithoutId['3.0.0']
  const ajv = new Ajv({ strict: false, logger: false })
  addFormats.default(ajv)
  ajv.validate(schema, JSON.parse(JSON.stringify(documents['asyncapi.json']())))
  expect(ajv.errors).toBeNull()
})
