/** The Idempotency-Key of a request; a blank one counts as absent (§2.10). */
export function idempotencyKeyOf(headers: Record<string, unknown>): string | null {
  const key = headers['idempotency-key'];
  return typeof key === 'string' && key.trim() !== '' ? key.trim() : null;
}
