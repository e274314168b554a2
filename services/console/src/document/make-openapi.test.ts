import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { chatOperations, operations } from '../operations.ts'
import { makeOpenApi } from './make-openapi.ts'

describe.each([
  ['admin', operations, 'admin-openapi.json'],
  ['chat', chatOperations, 'chat-openapi.json'],
] as const)('the document of the API %s', (api, served, file) => {
  const document = JSON.parse(JSON.stringify(makeOpenApi(api, served)))

  test('docs/ has what the console serves; else npm run generate', () => {
    const url = new URL(`../../../../docs/${file}`, import.meta.url)
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
      served.map(({ id, method, path }) => String([id, method, path])).toSorted(),
    )
    expect(new Set(served.map(({ id }) => id)).size).toBe(served.length)
    expect(served.every((operation) => operation.api === api)).toBe(true)
  })
})
