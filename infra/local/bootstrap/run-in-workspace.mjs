import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { followChild } from './follow-child.mjs'

/** The Node of the workspace, independent of the machine's own Node. */
export const findNode = (root) => join(root, 'node_modules', 'node', 'bin', 'node')

/**
 * Runs a script of the workspace on the workspace's Node, with its tools first on the PATH.
 *
 * @param {string} root folder of the workspace
 * @param {string[]} command script (from the root) and its arguments
 * @returns {Promise<number>} the exit code, 128 + n after signal n
 */
export async function runInWorkspace(root, [script, ...args]) {
  const tools = join(root, 'node_modules', '.bin')
  const env = { ...process.env, PATH: [tools, process.env.PATH].filter(Boolean).join(delimiter) }
  const child = spawn(findNode(root), [join(root, script), ...args], { cwd: root, env, stdio: 'inherit' })
  const code = await followChild(child)
  return typeof code === 'number' ? code : 1
}
