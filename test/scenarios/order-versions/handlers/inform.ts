/** Tells a service of an order. */
export async function tell(service: string, order: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(service, { method: 'POST', body: order, signal });
  if (!response.ok) throw new Error(`the service answered ${response.status}`);
}
