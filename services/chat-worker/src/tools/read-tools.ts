import type { Client } from '@modelcontextprotocol/client'
import { listRawTools } from './list-raw-tools.ts'
import { offerListing, type Listing } from './offer-listing.ts'

interface ReadOptions {
  server: string
  maxTools: number
  timeoutMs: number
  maxPages: number
}

/** Asks a server for its tools, and sees what models can be offered of them. */
export const readTools = async (client: Client, options: ReadOptions): Promise<Listing> =>
  offerListing(await listRawTools(client, options), options)
