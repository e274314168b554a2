import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../session/session.tsx'

/** A request that changes something: method, path below the Admin API, body. */
export type Change = readonly [
  method: 'PUT' | 'PATCH' | 'POST' | 'DELETE',
  path: string,
  body?: object | undefined,
]

/** Where the Admin API is. */
export const adminPath = '/api/admin/v1'

interface ChangeOptions {
  /** Queries whose answers it makes old. */
  readonly queryKeys: readonly QueryKey[]
  readonly onDone?: () => void
}

/** Changes of the Admin API, one after another: the state of the last one, and what to show of it. */
export function useChange({ queryKeys, onDone }: ChangeOptions) {
  const api = useApi()
  const queries = useQueryClient()
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: ([method, path, body]: Change) =>
      api.request(method, `${adminPath}${path}`, body ? { body } : {}),
    onSuccess: async () => {
      await Promise.all(queryKeys.map((queryKey) => queries.invalidateQueries({ queryKey })))
      onDone?.()
    },
  })
  return { change: (asked: Change) => mutate(asked), error, isPending, isSuccess }
}
