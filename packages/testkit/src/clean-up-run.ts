import { removeRunFolder } from './run-folder.ts'

// Run as a program with the folder of a run that ended early: kills what it left and removes the folder.
const [folder] = process.argv.slice(2)
if (folder !== undefined) await removeRunFolder(folder)
