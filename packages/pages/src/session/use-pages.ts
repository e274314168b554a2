import type { Page } from '@omni2/client'
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

type ReadPage<P> = (cursor: string | undefined, signal: AbortSignal) => Promise<P>

interface PagesOptions {
  /** Reads all of it again after so many milliseconds. */
  readonly refetchInterval?: number
  /** While another search is read, the rows of the one before stay; they must be of the same kind. */
  readonly keepsRows?: boolean
}

/** A list that the API gives in pages: what is read of it so far, and how more is read. */
export function usePages<P extends Page<unknown>>(
  queryKey: QueryKey,
  readPage: ReadPage<P>,
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
    items: (data?.pages.flatMap((page) => page.items) ?? []) as P['items'][number][],
    /** With what it says of all pages. */
    first: data?.pages[0],
    error,
    isPending,
    isSuccess,
    hasMore: hasNextPage,
    isReadingMore: isFetchingNextPage,
    readMore: () => void fetchNextPage(),
  }
}
