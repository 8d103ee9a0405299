import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { BenchDatabase } from '../support/database.ts';
import { type Running, root, start } from '../support/processes.ts';
import { cacheFolder } from './cache.ts';

const run = promisify(execFile);
const version = '11.17.4';
const folder = join(cacheFolder, 'directus');
const database = 'directus';
const token = 'bench-token';
const port = 8996;

export const directusHeaders = { authorization: `Bearer ${token}` };

/**
 * Directus on the same Postgres server, over a copy of the accounts table: it takes no composite primary keys. Built and run by the
 * machine's own Node, since one of its packages is compiled while it is installed. The server answers at the running's `matched`.
 */
export async function startDirectus(bench: BenchDatabase): Promise<Running> {
  await install();
  await copyAccounts(bench);
  const env = await settings(bench);
  await run('node', [cli, 'bootstrap'], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  const running = await start('node', [cli, 'start'], env, /(Server started)/);
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/server/ping`).catch(() => null))?.ok) await delay(200);
  return { ...running, matched: url };
}

const cli = join(folder, 'node_modules/directus/cli.js');

/** The machine's own commands: npm run puts the project's Node first. */
function machinePath(): string {
  const path = process.env.PATH ?? '';
  return path
    .split(delimiter)
    .filter((entry) => !entry.includes('node_modules') && !entry.startsWith(root))
    .join(delimiter);
}

async function install(): Promise<void> {
  const mark = join(folder, 'installed');
  if ((await readFile(mark, 'utf8').catch(() => '')) === version) return;
  await mkdir(folder, { recursive: true });
  // Its scripts that compile or choose a binary; npm runs no others.
  const allowScripts = { argon2: true, 'isolated-vm': true, sharp: true };
  const manifest = { name: 'bench-directus', private: true, dependencies: { directus: version }, allowScripts };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  process.stderr.write('installing Directus, once …\n');
  const env = { ...process.env, PATH: machinePath() };
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  await writeFile(mark, version);
}

async function settings(bench: BenchDatabase): Promise<NodeJS.ProcessEnv & Record<string, string>> {
  const connection = bench.handle.connection as pg.PoolConfig;
  return {
    PATH: machinePath(),
    HOME: process.env.HOME ?? '',
    DB_CLIENT: 'pg',
    DB_HOST: connection.host ?? '',
    DB_PORT: String(connection.port ?? ''),
    DB_USER: connection.user ?? '',
    DB_PASSWORD: '',
    DB_DATABASE: database,
    SECRET: 'a secret of this benchmark, thirty-two characters',
    ADMIN_EMAIL: 'bench@example.com',
    ADMIN_PASSWORD: 'bench-password',
    ADMIN_TOKEN: token,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'info',
    TELEMETRY: 'false',
    WEBSOCKETS_ENABLED: 'false',
    RATE_LIMITER_ENABLED: 'false',
  };
}

async function copyAccounts(bench: BenchDatabase): Promise<void> {
  const connection = bench.handle.connection as pg.PoolConfig;
  const { rowCount } = await bench.handle.pool.query('select from pg_database where datname = $1', [database]);
  if (rowCount === 0) await bench.handle.pool.query(`create database ${database}`);
  const pool = new pg.Pool({ ...connection, database });
  const kept = await pool.query("select to_regclass('public.accounts') as name");
  if ((kept.rows[0] as { name: string | null }).name === null) await fillCopy(bench.handle.pool, pool);
  await pool.end();
}

async function fillCopy(from: pg.Pool, to: pg.Pool): Promise<void> {
  const columns = await from.query<{ name: string; type: string }>(`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = 'accounts'::regclass and attnum > 0 and not attisdropped order by attnum`);
  const list = columns.rows.map(({ name, type }) => `${name} ${type}${name === 'account_id' ? ' primary key' : ''}`);
  await to.query(`create table accounts (${list.join(', ')})`);
  await to.query('create index on accounts (added_at, account_id)');
  const { rows } = await from.query<{ row: string }>('select to_json(a)::text as row from accounts a');
  for (let i = 0; i < rows.length; i += 1000) {
    const chunk = `[${rows
      .slice(i, i + 1000)
      .map(({ row }) => row)
      .join(',')}]`;
    await to.query('insert into accounts select * from json_populate_recordset(null::accounts, $1::json)', [chunk]);
  }
  await to.query('vacuum analyze accounts');
}
