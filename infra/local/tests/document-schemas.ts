import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { root } from './run-command.ts'

/** Reads a document of `docs/` as it is published. */
export const readDocument = (name: string): unknown =>
  JSON.parse(readFileSync(join(root, 'docs', name), 'utf8'))

export interface DocumentSchemas {
  /** What is wrong with a value by the schema that stands at this place of the document; empty: nothing. */
  listFaults(place: readonly string[], value: unknown): string[]
}

/** Compiles the JSON Schemas of an OpenAPI 3.1 or AsyncAPI 3 document where they stand, references included. */
export function openSchemas(document: object): DocumentSchemas {
  // Every keyword of the two formats is unknown to JSON Schema.
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'document')
  const compiled = new Map<string, ValidateFunction>()
  const compile = (pointer: string) => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `document#/${pointer}` })
    compiled.set(pointer, known)
    return known
  }
  return {
    listFaults: (place, value) => {
      const validate = compile(place.map(encodePointerPart).join('/'))
      if (validate(value)) return []
      return (validate.errors ?? []).map(({ instancePath, message, params }) =>
        [instancePath || 'it', message, JSON.stringify(params)].join(' '),
      )
    },
  }
}

const encodePointerPart = (part: string): string =>
  encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
