import { execFile } from 'node:child_process';
import { appendFile, copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { emptyTestDatabase, testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { temporaryDirectory } from '../../test/support/temporary-directory.ts';
import { type MigrateOptions, migrate } from './migrate.ts';
import { migrationsDirectory } from './migration-files.ts';

const existing = await testDatabase();
const raced = await emptyTestDatabase();
const fresh = await emptyTestDatabase();

const ours = (await readdir(migrationsDirectory)).sort();
const nextVersion = ours.length + 1;

/** Our migrations and one more. */
async function withNext(sql: string): Promise<{ directory: string; next: string }> {
  const directory = await temporaryDirectory();
  for (const name of ours) await copyFile(join(migrationsDirectory, name), join(directory, name));
  const next = `${String(nextVersion).padStart(4, '0')}_next`;
  await writeFile(join(directory, `${next}.sql`), sql);
  return { directory, next };
}

function migrateExisting(options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  return migrate(existing.pool, silentLogger, options);
}

async function forgetNext(): Promise<void> {
  await existing.pool.query('delete from schema_migrations where version >= $1', [nextVersion]);
}

describe('migrations', () => {
  it('are applied once by two processes that start together', async () => {
    const run = promisify(execFile);
    const script = join(import.meta.dirname, '../../test/support/migrate-once.ts');
    const outputs = await Promise.all([1, 2, 3].map(() => run(process.execPath, [script, raced.url])));
    const applied = outputs.flatMap(({ stdout }) => (JSON.parse(stdout) as { applied: string[] }).applied);
    expect(applied.sort()).toEqual(ours.map((name) => name.replace('.sql', '')));
    const { rows } = await raced.pool.query('select count(*) as jobs from graphile_worker.jobs');
    expect(rows).toEqual([{ jobs: 0 }]);
  });

  it('make the partitions of the month before to three months ahead', async () => {
    const { rows } = await existing.pool.query<{ months: number }>(
      "select count(*) as months from pg_inherits where inhparent = 'account_days'::regclass",
    );
    expect(rows).toEqual([{ months: 5 }]);
  });

  it('that fail leave nothing of themselves behind', async () => {
    const { directory } = await withNext('create table half (a int); select 1/0;');
    await expect(migrateExisting({ directory })).rejects.toThrow('division by zero');
    const { rows } = await existing.pool.query(
      "select to_regclass('half') as half, max(version) as version from schema_migrations",
    );
    expect(rows).toEqual([{ half: null, version: ours.length }]);
  });

  it('that break older programs are refused without permission, with the way out', async () => {
    const { directory, next } = await withNext('-- tallyline: breaking\ncreate table broken (a int);');
    await expect(migrateExisting({ directory })).rejects.toThrow(/Stop all.*--allow-breaking/);
    expect((await migrateExisting({ directory, allowBreaking: true })).applied).toEqual([next]);
    await forgetNext();
  });

  it('that break older programs need no permission in a new database', async () => {
    const { directory, next } = await withNext('-- tallyline: breaking\ncreate table broken (a int);');
    expect((await migrate(fresh.pool, silentLogger, { directory })).applied).toContain(next);
  });

  it('that were edited after they were applied are refused', async () => {
    const { directory, next } = await withNext('select 1;');
    await migrateExisting({ directory });
    await appendFile(join(directory, `${next}.sql`), '\nselect 2;');
    await expect(migrateExisting({ directory })).rejects.toThrow(/was changed after it was applied/);
    await forgetNext();
  });

  it('are not edited by a checkout that turns line ends into CRLF', async () => {
    const { directory, next } = await withNext('select 1;\nselect 2;\n');
    await migrateExisting({ directory });
    await writeFile(join(directory, `${next}.sql`), 'select 1;\r\nselect 2;\r\n');
    expect((await migrateExisting({ directory })).applied).toEqual([]);
    await forgetNext();
  });

  it('that this program does not know make it refuse the database, with the way out', async () => {
    const { directory } = await withNext('select 1;');
    await migrateExisting({ directory });
    await expect(migrateExisting()).rejects.toThrow(/newer than this program.*Run the newer Tallyline/);
    await forgetNext();
  });

  it('are numbered without gaps', async () => {
    const { directory } = await withNext('select 1;');
    await writeFile(join(directory, `${String(nextVersion + 2).padStart(4, '0')}_gap.sql`), 'select 1;');
    await expect(migrateExisting({ directory })).rejects.toThrow(/should be number/);
  });
});
