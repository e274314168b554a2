import { writeFileSync } from 'node:fs'
import { makeOpenApi } from './document/make-openapi.ts'
import { chatOperations, operations } from './operations.ts'

const documents = {
  'admin-openapi.json': makeOpenApi('admin', operations),
  'chat-openapi.json': makeOpenApi('chat', chatOperations),
}
for (const [name, document] of Object.entries(documents))
  writeFileSync(new URL(`../../../docs/${name}`, import.meta.url), `${JSON.stringify(document, null, 2)}\n`)
