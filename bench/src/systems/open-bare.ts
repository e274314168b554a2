import { runScript } from './run-script.ts'
import { openSocketChat } from './socket-chat.ts'
import type { System } from './system.ts'

/** One process between client and model, without any checks: with the SDK, or with as little as possible. */
export async function openBare(name: 'bare' | 'bare-data', modelUrl: string): Promise<System> {
  const script = await runScript(`peers/${name}.ts`, [modelUrl])
  return {
    name,
    roots: [{ name, pid: script.pid }],
    connect: () => openSocketChat(script.url),
    [Symbol.asyncDispose]: () => script[Symbol.asyncDispose](),
  }
}
