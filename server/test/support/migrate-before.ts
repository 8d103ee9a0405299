import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { migrate } from '../../src/database/migrate.ts';
import { migrationsDirectory } from '../../src/database/migration-files.ts';
import { silentLogger } from './logger.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Brings an empty database to the schema before a migration (`0003`), so that a test can see what that one makes of old data. */
export async function migrateBefore(pool: Pool, number: string): Promise<void> {
  const directory = await temporaryDirectory();
  const earlier = (await readdir(migrationsDirectory)).filter((name) => name < number);
  for (const name of earlier) await copyFile(join(migrationsDirectory, name), join(directory, name));
  await migrate(pool, silentLogger, { directory });
}
