import { hash } from 'node:crypto';

/** A strong validator: equal bytes of the same type, equal tag; on every process and after every restart. */
export function etagOf(body: Buffer | string, contentType: string): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 27)}-${contentType === 'application/json' ? 'j' : 't'}"`;
}

/** If-None-Match (RFC 9110 §13.1.2): `*`, or a list in which one tag matches; weakly, so that W/"x" matches "x". */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  if (ifNoneMatch.trim() === '*') return true;
  for (const [, tag] of ifNoneMatch.matchAll(/(?:^|,)\s*(?:W\/)?("[^"]*")\s*(?=,|$)/g)) if (tag === etag) return true;
  return false;
}
