import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';

/** Collectors of this host whose process is gone: after a crash their claims are free at once, not after the beat time-out. */
export async function deadNeighbours(
  db: Kysely<Database>,
  self: { collectorId: string; host: string },
): Promise<string[]> {
  const { rows } = await sql<{ collector_id: string; pid: number }>`
    select collector_id, pid from collectors where host = ${self.host} and collector_id <> ${self.collectorId}`.execute(
    db,
  );
  return rows.filter((row) => row.pid === process.pid || !isAlive(row.pid)).map((row) => row.collector_id);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
