import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../database/tables.ts';

const everyMs = 1_000;

/**
 * Has Postgres count the rows of tables that have grown eightfold since it did; answers their names. It plans statements by
 * these counts, takes a table without them for empty, and looks for itself once a minute at best: meanwhile a new database
 * has read thousands of posts, each by plans that go through everything an organization holds (docs/adr/0013).
 */
export async function analyzeGrown(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where s.schemaname = current_schema() and s.n_mod_since_analyze > 200 + 7 * greatest(c.reltuples, 0)
    order by c.relname`.execute(db);
  const names = rows.map((row) => row.name);
  // Another collector may be at it.
  if (names.length > 0) await sql`analyze (skip_locked) ${sql.join(names.map((name) => sql.table(name)))}`.execute(db);
  return names;
}

/** Does so from time to time while refreshes end: whoever is told of these is told through it. */
export function watchStatistics(
  db: Kysely<Database>,
  logger: Logger,
  onDone: () => void,
): { onDone: () => void; stop: () => Promise<void> } {
  let done = 0;
  let running: Promise<unknown> = Promise.resolve();
  let isRunning = false;
  const look = (): void => {
    if (done === 0 || isRunning) return;
    done = 0;
    isRunning = true;
    running = analyzeGrown(db)
      .catch((error: unknown) => logger.warn({ err: error }, 'could not have rows counted'))
      .finally(() => {
        isRunning = false;
      });
  };
  const timer = setInterval(look, everyMs);
  return {
    onDone: () => {
      done += 1;
      onDone();
    },
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
