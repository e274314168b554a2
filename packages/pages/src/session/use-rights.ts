import { useQuery } from '@tanstack/react-query'
import { useApi } from './session.tsx'

/** What the role of the user may see, as `GET /api/v1/me` answers. */
interface Rights {
  readonly is_operator: boolean
  readonly is_administrator: boolean
}

export function useRights() {
  const api = useApi()
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => api.request<Rights>('GET', '/api/v1/me', { signal }),
    staleTime: 60_000,
  })
}
