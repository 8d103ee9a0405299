import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { FileReading } from './fields.ts';

const columns = `line, platform, username, external_id, read_at, follower_count, following_count, post_count,
  view_count, play_count, like_count, comment_count, share_count, saved_count, create_time, caption`;

/** Takes the readings of a file, and hands them on to the database piece by piece. */
export interface Stager {
  add: (reading: FileReading) => void;
  /** Waits until the database has room for more. */
  flush: () => Promise<void>;
}

/**
 * Fills the staging table by COPY with what `fill` adds, in place of what was there. The index is made when the rows are
 * there, which is far faster than to keep it meanwhile. Answers the number of rows.
 */
export async function stageReadings(pool: pg.Pool, fill: (stager: Stager) => Promise<void>): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');
    await client.query('truncate import_rows; drop index if exists import_rows_by_profile');
    const rows = await copy(client, fill);
    await client.query('create index import_rows_by_profile on import_rows (platform, username)');
    await client.query('analyze import_rows');
    await client.query('commit');
    client.release();
    return rows;
  } catch (error) {
    // The connection may be in the middle of a COPY: it is not used again.
    client.release(true);
    throw error;
  }
}

async function copy(client: pg.PoolClient, fill: (stager: Stager) => Promise<void>): Promise<number> {
  const stream = client.query(copyFrom(`copy import_rows (${columns}) from stdin`));
  const done = new Promise<void>((resolve, reject) => {
    stream.on('finish', resolve).on('error', reject);
  });
  done.catch(() => undefined);
  let rows = 0;
  let lines = '';
  const flush = async (): Promise<void> => {
    const text = lines;
    lines = '';
    if (text !== '') await Promise.race([write(stream, text), done]);
  };
  const add = (reading: FileReading): void => {
    rows += 1;
    lines += copyLine(reading);
  };
  try {
    await fill({ add, flush });
    await flush();
    stream.end();
    await done;
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  return rows;
}

async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

const nullMark = '\\N';
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escape = (text: string): string => text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);

function copyLine({ line, platform, username, externalId, readAt, numbers, createTime, caption }: FileReading): string {
  let text = `${line}\t${platform}\t${username}\t${externalId ?? nullMark}\t${readAt.toISOString()}`;
  for (const count of numbers) text += count === null ? `\t${nullMark}` : `\t${count}`;
  text += `\t${createTime === null ? nullMark : createTime.toISOString()}`;
  return `${text}\t${caption === null ? nullMark : escape(caption)}\n`;
}
