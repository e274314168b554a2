import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../repository-root.ts'
import { describeVariables } from './describe-variables.ts'
import { makeConfigurationPage } from './make-configuration-page.ts'

const file = join(repositoryRoot, 'docs/configuration.md')
await writeFile(file, makeConfigurationPage(await describeVariables(repositoryRoot)))
console.log(`wrote ${file}`)
