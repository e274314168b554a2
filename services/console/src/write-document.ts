import { writeFileSync } from 'node:fs'
import { operations } from './operations.ts'
import { makeAdminOpenApi } from './document/make-openapi.ts'

const url = new URL('../../../docs/admin-openapi.json', import.meta.url)
writeFileSync(url, `${JSON.stringify(makeAdminOpenApi(operations), null, 2)}\n`)
