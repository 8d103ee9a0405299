const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The Idempotency-Key of a request; a blank one counts as absent (§2.10). */
export function idempotencyKeyOf(headers: Record<string, unknown>): string | null {
  const header = headers['idempotency-key'];
  if (typeof header !== 'string') return null;
  const key = textOf(header).trim();
  return key === '' ? null : key;
}

// Node reads every byte of a header as one character; what clients send beyond ASCII is UTF-8.
function textOf(header: string): string {
  try {
    return utf8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}
