import { randomBytes } from 'node:crypto'
import { link, rename, rm, writeFile } from 'node:fs/promises'

/** Replaces a file at once, readable by its owner only. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const draft = await writeDraft(file, text)
  await rename(draft, file)
}

/** Makes a file at once, readable by its owner only; false when it is there already. */
export async function makePrivateFile(file: string, text: string): Promise<boolean> {
  const draft = await writeDraft(file, text)
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft)
  }
}

async function writeDraft(file: string, text: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, text, { mode: 0o600 })
  return draft
}
