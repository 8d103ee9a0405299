import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';

export type CheckState = 'ok' | 'degraded' | 'down';

export interface HealthReport {
  database: CheckState;
  collector: CheckState;
  /** Sources of the collectors that are alive. */
  sources: string[];
}

interface HealthDeps {
  db: Kysely<Database>;
  /** State of the collector in this process, where there is one. */
  collectorHealth?: () => { isHealthy: boolean };
}

const databaseTimeoutMs = 1_500;
/** A collector beats every few seconds; after this long without a beat it is taken for dead. */
const aliveForSeconds = 15;

/** Asks the database, briefly: the answer must come fast above all when it is away. Callers at the same time share one look. */
export function createHealthCheck(deps: HealthDeps): () => Promise<HealthReport> {
  let running: Promise<HealthReport> | null = null;
  return () => {
    running ??= check(deps).finally(() => {
      running = null;
    });
    return running;
  };
}

async function check(deps: HealthDeps): Promise<HealthReport> {
  const beats = await withinTime(aliveCollectors(deps));
  if (beats === null) return { database: 'down', collector: 'down', sources: [] };
  const isTroubled = deps.collectorHealth?.().isHealthy === false;
  const sources = [...new Set(beats.flatMap((beat) => beat.sources))].sort();
  if (beats.length === 0) return { database: 'ok', collector: 'down', sources };
  return { database: 'ok', collector: isTroubled ? 'degraded' : 'ok', sources };
}

const aliveCollectors = ({ db }: HealthDeps): Promise<{ sources: string[] }[]> =>
  db
    .selectFrom('collectors')
    .select('sources')
    // Collectors beat by the database's clock.
    .where('beat_at', '>=', sql<Date>`clock_timestamp() - make_interval(secs => ${aliveForSeconds})`)
    .execute();

/** The rows, or null when the database refuses or takes too long. */
async function withinTime<T>(query: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), databaseTimeoutMs);
  });
  try {
    return await Promise.race([query.catch(() => null), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
