import { readFileSync, writeFileSync } from 'node:fs'
import { makeRows, metricsDocument, replaceTable } from './metrics-table.ts'
import { readDeclarations } from './read-declarations.ts'

const rows = makeRows(await readDeclarations())
writeFileSync(metricsDocument, replaceTable(readFileSync(metricsDocument, 'utf8'), rows))
