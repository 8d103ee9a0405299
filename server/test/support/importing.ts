import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { RowProblem } from '../../src/collector/import/fields.ts';
import { importReadings, type ImportInput, type ImportResult } from '../../src/collector/import/import-readings.ts';
import type { Mapping } from '../../src/collector/import/mapping.ts';
import type { Database } from '../../src/database/tables.ts';
import type { Clock } from '../../src/clock.ts';
import { systemContext } from './collecting.ts';

export const plainMapping: Mapping = { columns: {}, values: {}, dates: 'yyyy-mm-dd', handles: {} };

export interface Importing {
  db: Kysely<Database>;
  pool: pg.Pool;
  clock: Clock;
  onProfile?: (done: number, total: number) => void;
}

/** Pieces of a few hundred bytes, so that lines and characters lie across their ends. */
export async function* pieces(text: string, size = 300): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

export async function importText(
  { db, pool, clock, onProfile }: Importing,
  organizationId: string,
  text: string,
  input: Partial<ImportInput> = {},
): Promise<ImportResult & { problems: RowProblem[] }> {
  const problems: RowProblem[] = [];
  const deps = { pool, onProblem: (problem: RowProblem) => problems.push(problem), ...(onProfile && { onProfile }) };
  const result = await importReadings(systemContext(db, organizationId, clock), deps, {
    name: 'test.csv',
    content: pieces(text),
    format: 'csv',
    mapping: plainMapping,
    skipBad: false,
    track: false,
    ...input,
  });
  return { ...result, problems };
}
