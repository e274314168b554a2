import { z } from 'zod'
import { type ApiName, defineOperation, type Operation } from '../request/operation.ts'
import { makeOpenApi } from './make-openapi.ts'

/** The operation that serves the document of all those of an API, its own included. */
export const makeDescribeApi = (api: ApiName, list: () => readonly Operation[]): Operation =>
  defineOperation({
    id: 'describeApi',
    api,
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    answer: z.looseObject({ openapi: z.string() }),
    handle: async () => makeOpenApi(api, list()),
  })
