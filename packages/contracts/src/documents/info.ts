import { productVersion, protocolVersion } from '../protocol-version.ts'

/** Head of both documents. */
export const info = {
  title: 'OMNI2 Chat',
  version: productVersion,
  /** Of the wire, as `welcome` gives it. */
  'x-protocol': protocolVersion,
  description: 'A self-hosted backend for LLM chat. The prose of the protocol is docs/protocol.md.',
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
}
