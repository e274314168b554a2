import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'

/** The password kept in a file that only its owner may read (mode 0600), made on first use; safe in a URL. */
export async function readOrMakePassword(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (kept !== '') return kept
  const password = randomBytes(18).toString('base64url')
  await using handle = await open(file, 'w', 0o600)
  await handle.chmod(0o600)
  await handle.writeFile(`${password}\n`)
  return password
}
