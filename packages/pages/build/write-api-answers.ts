import { writeFile } from 'node:fs/promises'
import { makeApiAnswers } from './make-api-answers.ts'

await writeFile(new URL('../src/session/api-answers.ts', import.meta.url), await makeApiAnswers())
