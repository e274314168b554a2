import { makeAsyncApi } from './make-asyncapi.ts'
import { makeOpenApi } from './make-openapi.ts'

/** Documents that are written from the contracts, by file name in `docs/`. */
export const documents = { 'asyncapi.json': makeAsyncApi, 'openapi.json': makeOpenApi }

export const documentUrl = (name: string): URL => new URL(`../../../../docs/${name}`, import.meta.url)

export const formatDocument = (document: object): string => `${JSON.stringify(document, null, 2)}\n`
