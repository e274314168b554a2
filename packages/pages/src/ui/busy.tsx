/** Something is being loaded. */
export const Busy = ({ label }: { readonly label: string }) => (
  <div className="busy" role="status">
    {label}
  </div>
)
