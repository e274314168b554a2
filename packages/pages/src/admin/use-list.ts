import { type QueryKey, useQuery } from '@tanstack/react-query'
import { useApi } from '../session/session.tsx'
import { adminPath } from './use-change.ts'

interface List<T> {
  readonly items: readonly T[]
  readonly error: Error | null
  readonly isPending: boolean
}

/** A list of the Admin API that comes whole. */
export function useList<T>(queryKey: QueryKey, path: string): List<T> {
  const api = useApi()
  const { data, error, isPending } = useQuery({
    queryKey,
    queryFn: ({ signal }) => api.request<Pick<List<T>, 'items'>>('GET', `${adminPath}${path}`, { signal }),
  })
  return { items: data?.items ?? [], error, isPending }
}
