import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { DatabaseStartError, isDatabaseUnavailable } from './errors.ts';

const OLDEST_VERSION = 150_000;
const NEWEST_MAJOR = 18;
const REACH_TIMEOUT_MS = 10_000;
const RETRY_MS = 500;

/** Sessions work in UTC, also when the URL brings `options` of its own, which would replace ours. */
export function withUtcSessions(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const own = url.searchParams.get('options');
  if (own === null) return databaseUrl;
  url.searchParams.set('options', `${own} -c TimeZone=UTC`);
  return url.href;
}

/** Waits for a server that is just starting; refuses one too old for our SQL, and a database that can't hold every name. */
export async function checkServer(pool: pg.Pool, databaseUrl: string, logger: Logger): Promise<void> {
  const server = await reachServer(pool, databaseUrl);
  checkVersion(server, logger);
  checkEncoding(server);
}

interface ServerVersion {
  /** server_version_num, such as 150008. */
  number: number;
  name: string;
}

interface ReachedServer extends ServerVersion {
  database: string;
  encoding: string;
}

export function checkVersion(version: ServerVersion, logger: Logger): void {
  if (version.number < OLDEST_VERSION) {
    throw new DatabaseStartError(
      `TALLYLINE_DATABASE_URL names a Postgres ${version.name} server; Tallyline needs 15 to ${NEWEST_MAJOR}.`,
    );
  }
  if (version.number >= (NEWEST_MAJOR + 1) * 10_000) {
    logger.warn({ version: version.name }, `Tallyline is tested on Postgres 15 to ${NEWEST_MAJOR}`);
  }
}

// Other encodings refuse an emoji in a name or caption (LATIN1), or count its bytes (SQL_ASCII).
function checkEncoding({ database, encoding }: ReachedServer): void {
  if (encoding === 'UTF8') return;
  throw new DatabaseStartError(
    `The database ${database} of TALLYLINE_DATABASE_URL has the encoding ${encoding}; Tallyline needs UTF8. Create another one: ` +
      "CREATE DATABASE tallyline ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0; and name it in TALLYLINE_DATABASE_URL.",
  );
}

async function reachServer(pool: pg.Pool, databaseUrl: string): Promise<ReachedServer> {
  const deadlineMs = Date.now() + REACH_TIMEOUT_MS;
  for (;;) {
    try {
      const result = await pool.query<ReachedServer>(
        `select current_setting('server_version_num')::int as number, current_setting('server_version') as name,
           current_database() as database, current_setting('server_encoding') as encoding`,
      );
      return result.rows[0] ?? { number: 0, name: 'unknown', database: 'unknown', encoding: 'unknown' };
    } catch (error) {
      if (!isDatabaseUnavailable(error) || Date.now() > deadlineMs) throw unreachableError(databaseUrl, error);
      await delay(RETRY_MS);
    }
  }
}

export function unreachableError(databaseUrl: string, error: unknown): DatabaseStartError {
  // connect() to a name with several addresses fails with an AggregateError without a message of its own
  const reason = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error);
  return new DatabaseStartError(
    `The database ${placeOf(databaseUrl)} of TALLYLINE_DATABASE_URL can't be used: ${reason}. Check the URL and the server.`,
  );
}

/** Host and database. A path that is no plain name is left out: a mistyped URL may have the password in it. */
function placeOf(databaseUrl: string): string {
  const { host, pathname, searchParams } = new URL(databaseUrl);
  const database = /^\/[\w.%-]+$/.test(pathname) ? pathname : '';
  return `${searchParams.get('host') ?? host}${database}`;
}
