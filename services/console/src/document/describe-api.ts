import { z } from 'zod'
import { defineOperation, type Operation } from '../request/operation.ts'
import { makeAdminOpenApi } from './make-openapi.ts'

/** The operation that serves the document of all of them, its own included. */
export const makeDescribeApi = (list: () => readonly Operation[]): Operation =>
  defineOperation({
    id: 'describeApi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    answer: z.looseObject({ openapi: z.string() }),
    handle: async () => makeAdminOpenApi(list()),
  })
