import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { operations } from '../operations.ts'
import { makeAdminOpenApi } from './make-openapi.ts'

const document = JSON.parse(JSON.stringify(makeAdminOpenApi(operations)))

test('docs/admin-openapi.json is what the console serves; else npm run generate', () => {
  const url = new URL('../../../../docs/admin-openapi.json', import.meta.url)
  expect(JSON.parse(readFileSync(url, 'utf8'))).toEqual(document)
})

test('it is a valid OpenAPI document', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
})

test('every operation stands in it once, under its own id, path and method', () => {
  const described = Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
  )
  expect(described.map(String).toSorted()).toEqual(
    operations.map(({ id, method, path }) => String([id, method, path])).toSorted(),
  )
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
})
