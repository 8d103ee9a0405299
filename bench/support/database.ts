import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from '../../server/src/clock.ts';
import { migrate } from '../../server/src/database/migrate.ts';
import { type DatabaseHandle, openDatabase } from '../../server/src/database/open.ts';
import { ensureDefaultOrganization } from '../../server/src/services/organizations/ensure-default-organization.ts';

export const silent = pino({ level: process.env.BENCH_LOG ?? 'silent' });

export interface BenchDatabase {
  handle: DatabaseHandle;
  dataDir: string;
  organizationId: string;
  key: string;
  close(): Promise<void>;
}

/** An embedded Postgres with the settings users get: fresh in a folder of its own, or in `keptIn`, which stays. */
export async function benchDatabase(keptIn?: string): Promise<BenchDatabase> {
  const folder = keptIn === undefined ? await mkdtemp(join(tmpdir(), 'tallyline-bench-')) : null;
  const dataDir = keptIn ?? join(folder ?? '', 'data');
  const handle = await openDatabase({ databaseUrl: null, dataDir, poolSize: 24 }, silent);
  await migrate(handle, silent, {});
  const key = `tga_${randomBytes(32).toString('hex')}`;
  const ctx = { db: handle.db, clock: systemClock, logger: silent, requestId: 'bench' };
  const actor = { type: 'system', name: 'bench' } as const;
  const { organizationId } = await ensureDefaultOrganization({ ...ctx, actor }, { bootstrapKey: key });
  return {
    handle,
    dataDir,
    organizationId,
    key,
    close: async () => {
      await handle.close();
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}
