import { fileURLToPath } from 'node:url'

/** Folder that this clone of the repository is in. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')
