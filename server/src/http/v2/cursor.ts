import { createHash } from 'node:crypto';
import type { Position } from '../../services/lists/page.ts';

/** Everything a cursor is bound to. `limit` and `include_total` are left out: they may change between pages. */
export interface CursorBinding {
  organizationId: string;
  path: string;
  orderBy: string;
  orderDirection: string;
  filters: Record<string, unknown>;
}

const uuidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Deterministic, so that an unchanged page keeps its ETag. Not secret: it holds nothing that the page did not show. */
export function encodeCursor(position: Position, binding: CursorBinding): string {
  return Buffer.from(JSON.stringify([fingerprint(binding), position.value, position.id])).toString('base64url');
}

/** The position, or null when the cursor is malformed or was made for another list. */
export function decodeCursor(cursor: string, binding: CursorBinding): Position | null {
  const parts = parseCursor(cursor);
  return parts !== null && parts.fingerprint === fingerprint(binding) ? parts.position : null;
}

function parseCursor(cursor: string): { fingerprint: string; position: Position } | null {
  if (cursor.length > 4096) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  // Node skips what is not base64url; a cursor that was changed on the way is refused, not guessed.
  if (bytes.toString('base64url') !== cursor) return null;
  const parsed = parseJson(bytes.toString());
  if (!Array.isArray(parsed) || parsed.length !== 3) return null;
  const [print, value, id]: unknown[] = parsed;
  if (typeof print !== 'string' || typeof id !== 'string' || !uuidPattern.test(id)) return null;
  if (typeof value !== 'string' && typeof value !== 'number' && value !== null) return null;
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) return null;
  return { fingerprint: print, position: { value, id } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fingerprint(binding: CursorBinding): string {
  const filters = Object.entries(binding.filters)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([binding.organizationId, binding.path, binding.orderBy, binding.orderDirection, filters]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
