import { writeFileSync } from 'node:fs'
import { documents, documentUrl, formatDocument } from './documents.ts'

for (const [name, make] of Object.entries(documents)) writeFileSync(documentUrl(name), formatDocument(make()))
