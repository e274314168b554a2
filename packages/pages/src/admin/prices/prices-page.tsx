import type { ItemOf } from '../../session/item-of.ts'
import { type FormEvent, useMemo, useState } from 'react'
import { Form } from 'react-aria-components'
import { Button } from '../../ui/button.tsx'
import { DialogWindow } from '../../ui/dialog-window.tsx'
import { type SortedColumn, SortedTable } from '../../ui/sorted-table.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { ChangeState } from '../change-state.tsx'
import { ListState } from '../list-state.tsx'
import { useChange } from '../use-change.ts'
import { useList } from '../use-list.ts'

/** What a model costs in USD per million tokens. */
type Price = ItemOf<'listPrices'>

const kinds = [
  { field: 'input', name: 'Input' },
  { field: 'output', name: 'Output' },
  { field: 'cache_read', name: 'Read from cache' },
  { field: 'cache_write', name: 'Written to cache' },
] as const

const pricesQuery = ['prices'] as const

/** What models cost, and where that was read. */
export function PricesPage({ mayChange }: { readonly mayChange: boolean }) {
  const prices = useList<Price>(pricesQuery, '/prices')
  const [edited, setEdited] = useState<Price | 'new'>()
  const columns = useMemo(() => listColumns(mayChange ? setEdited : undefined), [mayChange])
  return (
    <section aria-label="Prices" className="admin-part">
      <p className="soft">USD per million tokens. Workers charge by a new price from the next turn on.</p>
      {mayChange && (
        <p>
          <Button kind="primary" onPress={() => setEdited('new')}>
            Add price
          </Button>
        </p>
      )}
      <ListState of={prices} empty="No model has a price, so workers take no turn." />
      {prices.items.length > 0 && (
        <SortedTable label="Prices" columns={columns} rows={prices.items} keyOf={({ model }) => model} />
      )}
      {edited && (
        <PriceDialog price={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </section>
  )
}

/** `edit`: absent for operators who only look. */
const listColumns = (edit: ((price: Price) => void) | undefined): readonly SortedColumn<Price>[] => [
  {
    name: 'Model',
    value: ({ model }) => model,
    cell: (price) =>
      edit ? (
        <button type="button" className="link-button" onClick={() => edit(price)}>
          {price.model}
        </button>
      ) : (
        price.model
      ),
  },
  ...kinds.map(({ field, name }) => ({ name, isNumber: true, value: (price: Price) => price[field] })),
  {
    name: 'Source',
    isWrapped: true,
    value: ({ source }) => source,
    cell: ({ source, is_shipped }) => (
      <>
        {source} {!is_shipped && <span className="chip">own</span>}
      </>
    ),
  },
  { name: 'Read on', value: ({ read_on }) => read_on },
]

interface DialogProps {
  /** Undefined: of a model that has none. */
  readonly price: Price | undefined
  readonly onClose: () => void
}

function PriceDialog({ price, onClose }: DialogProps) {
  const save = useChange({ queryKeys: [pricesQuery], onDone: onClose })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { model = price?.model ?? '', ...amounts } = Object.fromEntries(
      new FormData(event.currentTarget),
    ) as Readonly<Record<string, string>>
    const body = Object.fromEntries(Object.entries(amounts).map(([field, amount]) => [field, Number(amount)]))
    save.change(['PATCH', `/prices/${encodeURIComponent(model)}`, body])
  }
  return (
    <DialogWindow title={price ? `Price of ${price.model}` : 'Add price'} onClose={onClose}>
      <Form className="admin-form" onSubmit={submit}>
        {!price && <TextInput label="Model" name="model" autoComplete="off" isRequired autoFocus />}
        {kinds.map(({ field, name }) => (
          <TextInput
            key={field}
            label={name}
            name={field}
            inputMode="decimal"
            pattern="\d+(\.\d+)?"
            defaultValue={price ? String(price[field]) : ''}
            isRequired
          />
        ))}
        <ChangeState of={save} />
        <div className="modal-actions">
          {price && (
            <Button
              kind="danger"
              isDisabled={save.isPending}
              onPress={() => save.change(['DELETE', `/prices/${encodeURIComponent(price.model)}`])}
            >
              Delete
            </Button>
          )}
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" isDisabled={save.isPending}>
            Save
          </Button>
        </div>
      </Form>
    </DialogWindow>
  )
}
