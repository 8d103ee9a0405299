import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import pg from 'pg';

const statementsKept = 500;

/** Statement text → its name from the second time it is seen; one-off statements stay unnamed. */
const names = new LRUCache<string, string>({ max: statementsKept });

// A plan with a star breaks when a migration adds a column under it.
const hasStar = /(?:select|returning)\s+(?:\w+\.)?\*/i;

function nameOf(text: string): string | null {
  const known = names.get(text);
  if (known === undefined) {
    names.set(text, hasStar.test(text) ? 'never' : 'once');
    return null;
  }
  if (known === 'never') return null;
  if (known !== 'once') return known;
  const name = `t_${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`;
  names.set(text, name);
  return name;
}

/**
 * A client that prepares the statements it sees again: they are parsed and planned once per connection. Kysely has no
 * names for statements. Planning was a third of Postgres' work per refresh (docs/adr/0007).
 */
export class PreparingClient extends pg.Client {
  // pg's query has a dozen overloads; only the one Kysely uses is changed.
  override query(...args: Parameters<pg.Client['query']>): ReturnType<pg.Client['query']> {
    const [text, values] = args as unknown[];
    if (args.length === 2 && typeof text === 'string' && Array.isArray(values) && values.length > 0) {
      const name = nameOf(text);
      if (name !== null) return super.query({ name, text, values }) as unknown as ReturnType<pg.Client['query']>;
    }
    return super.query(...args);
  }
}
