import { chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Anyone may pass through, only the owner may list: a server's own account has to reach its files inside. */
const passThrough = 0o711

/** Makes a folder and its missing parents; the new ones can be entered by any account, whatever the umask. */
export async function makeFolder(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true })
  if (firstMade === undefined) return
  for (let made = folder; ; made = dirname(made)) {
    await chmod(made, passThrough)
    if (made === firstMade) return
  }
}
