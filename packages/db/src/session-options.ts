/**
 * Settings of every session, independent of those of the database, the role or the server: values have one form, a lock
 * is waited for as long as its statement may take, and no rows are hidden silently.
 */
const settings = {
  timezone: 'UTC',
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
  lock_timeout: '0',
  row_security: 'on',
} as const

/** Our statements name their schemas; triggers of others may not. Set another path in the URL. */
const searchPath = '"$user",public'

/**
 * Adds the settings to the `options` of a Postgres URL. What a session is opened with precedes `alter role` and
 * `alter database`; the last option of a name wins. `default_transaction_read_only` is not among them: it fences a
 * database off, and a session that has it is refused by requireWritable.
 */
export function addSessionOptions(url: string): string {
  const target = new URL(url)
  const given = target.searchParams.get('options') ?? ''
  const ours = Object.entries(settings).map(([name, value]) => formatOption(name, value))
  const options = [formatOption('search_path', searchPath), given, ...ours]
  target.searchParams.set('options', options.filter((option) => option !== '').join(' '))
  return target.href
}

/** A space inside a value would end it. */
const formatOption = (name: string, value: string): string => `-c ${name}=${value.replaceAll(' ', '\\ ')}`
