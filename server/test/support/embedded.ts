import { onTestFinished } from 'vitest';
import { type DatabaseHandle, openDatabase } from '../../src/database/open.ts';
import { silentLogger } from './logger.ts';

/** Opens the embedded database of a data directory until the running test has finished. */
export async function openEmbedded(dataDir: string, how = openDatabase): Promise<DatabaseHandle> {
  const handle = await how({ databaseUrl: null, dataDir, poolSize: 2 }, silentLogger);
  onTestFinished(() => handle.close());
  return handle;
}

export async function addRows(handle: DatabaseHandle, ...rows: number[]): Promise<void> {
  await handle.pool.query('create table if not exists kept (n int)');
  for (const row of rows) await handle.pool.query('insert into kept values ($1)', [row]);
}

export async function readRows(handle: DatabaseHandle): Promise<number[]> {
  const { rows } = await handle.pool.query<{ n: number }>('select n from kept order by n');
  return rows.map(({ n }) => n);
}

export function postmasterOf(handle: DatabaseHandle): number {
  return handle.embedded?.pid ?? 0;
}
