import type { Page } from '@omni2/client'
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

type ReadPage<T> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>

interface PagesOptions {
  /** Reads all of it again after so many milliseconds. */
  readonly refetchInterval?: number
  /** While another search is read, the rows of the one before stay; they must be of the same kind. */
  readonly keepsRows?: boolean
}

/** A list that the API gives in pages: what is read of it so far, and how more is read. */
export function usePages<T>(
  queryKey: QueryKey,
  readPage: ReadPage<T>,
  { refetchInterval = 0, keepsRows = false }: PagesOptions = {},
) {
  const { data, error, isPending, isSuccess, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery({
      queryKey,
      queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
      placeholderData: (before) => (keepsRows ? before : undefined),
      refetchInterval: refetchInterval || false,
    })
  return {
    items: data?.pages.flatMap((page) => page.items) ?? [],
    error,
    isPending,
    isSuccess,
    hasMore: hasNextPage,
    isReadingMore: isFetchingNextPage,
    readMore: () => void fetchNextPage(),
  }
}
