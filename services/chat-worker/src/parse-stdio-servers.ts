import { z } from 'zod'

const commandSchema = z.strictObject({
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  /** Added to the few variables that every such process gets (PATH, HOME and the like). */
  env: z.record(z.string(), z.string()).default({}),
})

const serversSchema = z.record(z.string().min(1), commandSchema)

/** A local MCP server: the process that is started and spoken with over its standard streams. */
export type StdioCommand = z.infer<typeof commandSchema>

/** Reads `{"name": {"command", "args"?, "env"?}}` from JSON text; undefined if it has another shape. */
export function parseStdioServers(text: string): Readonly<Record<string, StdioCommand>> | undefined {
  try {
    return serversSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
