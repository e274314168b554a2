import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useApi } from '../session/session.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { describeError } from '../ui/describe-error.ts'
import { type FlowFilter, toQuery } from './flow-filter.ts'

/** Everything that the filter finds, as a file. */
export function ExportButtons({ filter }: { readonly filter: FlowFilter }) {
  const api = useApi()
  const download = useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      const query = { ...toQuery(filter, Date.now()), format }
      save(await api.requestText('GET', '/api/v1/flow-export', { query }), `turns.${format}`)
    },
  })
  return (
    <div className="exports">
      <span className="soft">Export what is filtered</span>
      {(['csv', 'json'] as const).map((format) => (
        <Button key={format} isSmall isDisabled={download.isPending} onPress={() => download.mutate(format)}>
          <Download size={14} aria-hidden /> {format.toUpperCase()}
        </Button>
      ))}
      {download.error && <Callout kind="error">{describeError(download.error)}</Callout>}
    </div>
  )
}

function save(text: string, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text]))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
