import { randomBytes } from 'node:crypto'
import { migrateUp } from '@omni2/migrations'
import { databaseUrl, dropDatabase, runSql } from './admin-sql.ts'

export interface Template extends AsyncDisposable {
  readonly name: string
}

/** Makes a migrated database for this run to copy test databases from. */
export async function openTemplate(adminUrl: string): Promise<Template> {
  const name = `omni2_template_${randomBytes(4).toString('hex')}`
  const drop = () => dropDatabase(adminUrl, name)
  await runSql(adminUrl, `create database ${name}`)
  try {
    await runSql(databaseUrl(adminUrl, name), 'create extension if not exists pg_stat_statements')
    await migrateUp(databaseUrl(adminUrl, name))
  } catch (error) {
    await drop()
    throw error
  }
  return { name, [Symbol.asyncDispose]: drop }
}
