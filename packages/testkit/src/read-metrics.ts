/** What a service counts, by series as Prometheus writes them: `omni2_x_total{result="ok"}`. */
export async function readMetrics(healthUrl: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${healthUrl}/metrics`)
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
  const samples = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(samples.map(readSample))
}

function readSample(line: string): [series: string, value: number] {
  const end = line.lastIndexOf(' ')
  return [line.slice(0, end), Number(line.slice(end + 1))]
}
