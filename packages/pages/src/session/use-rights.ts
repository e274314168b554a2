import type { ApiAnswers } from './api-answers.ts'
import { useQuery } from '@tanstack/react-query'
import { useApi } from './session.tsx'

export function useRights() {
  const api = useApi()
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => api.request<ApiAnswers['getMe']>('GET', '/api/v1/me', { signal }),
    staleTime: 30_000,
    refetchInterval: 30_000,
  })
}
