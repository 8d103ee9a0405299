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
 * names for statements. Planning was a third of Postgres' work per refresh (docs/adr/0013).
 */
export class PreparingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    // pg's query has a dozen overloads; only the one Kysely uses, text and values, is changed.
    const prepared = (...args: unknown[]): unknown => {
      const [text, values] = args;
      if (args.length !== 2 || typeof text !== 'string' || !Array.isArray(values) || values.length === 0)
        return query(...args);
      const name = nameOf(text);
      return name === null ? query(text, values) : query({ name, text, values });
    };
    this.query = prepared as pg.Client['query'];
  }
}
