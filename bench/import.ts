import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { ensurePartitions } from '../server/src/database/partitions.ts';
import { openDatabase } from '../server/src/database/open.ts';
import { migrate } from '../server/src/database/migrate.ts';
import { silent } from './support/database.ts';
import { residentMb, tallyline } from './support/processes.ts';
import { type Figure, throughput } from './support/table.ts';

const postsEach = 100;
const readingsEach = 100;
const memoryLimitMb = 300;
const start = Date.UTC(2025, 0, 1, 6);
const dayMs = 86_400_000;

/** Rows of the file; `BENCH_IMPORT_ROWS` has another number. */
const wanted = Number(process.env.BENCH_IMPORT_ROWS ?? 500_000);
const profiles = Math.ceil(wanted / postsEach / readingsEach);
const rows = profiles * postsEach * readingsEach;

/**
 * `tallyline import` of a file of readings, all of them new, from its start to its end; against bare COPY of the readings alone, already
 * formatted, into the same partitioned table with its key, and into a table without any index. And the memory of its process.
 */
export async function benchImport(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tallyline-bench-import-'));
  try {
    const csv = join(folder, 'readings.csv');
    await writeLines(csv, csvLines());
    const copied = await bareCopy(join(folder, 'data'), join(folder, 'rows.txt'));
    const { seconds, peakMb } = await importFile(csv, join(folder, 'data'));
    return [
      throughput(
        `import of ${rows.toLocaleString('en')} rows; peer: COPY with the table's key`,
        rows / seconds,
        copied.keyed,
        0.25,
      ),
      {
        ...throughput('the same; peer: COPY without any index', rows / seconds, copied.plain, 0.25),
        aim: '',
        isMet: null,
      },
      {
        name: 'resident memory of Node, at its highest',
        value: `${Math.round(peakMb)} MB`,
        peer: '',
        ratio: `${(peakMb / memoryLimitMb).toFixed(2)} of the limit`,
        aim: `≤ ${memoryLimitMb} MB`,
        isMet: peakMb <= memoryLimitMb,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const timeOf = (day: number): string => new Date(start + day * dayMs).toISOString();

/** Day after day, as exports are: the rows of a profile lie far apart. */
function* csvLines(): Generator<string> {
  yield 'platform,username,external_id,read_at,create_time,view_count,like_count,comment_count,share_count,caption\n';
  for (let day = 0; day < readingsEach; day += 1) {
    for (let profile = 0; profile < profiles; profile += 1) {
      for (let post = 0; post < postsEach; post += 1) {
        yield `tiktok,creator_${profile},${idOf(profile, post)},${timeOf(day)},${timeOf(post - 100)},${views(post, day)},${views(post, day) >> 4},${post + day},${day},"Post ${post}, of a creator with a caption"\n`;
      }
    }
  }
}

const idOf = (profile: number, post: number): string =>
  `7${String(profile).padStart(12, '0')}${String(post).padStart(5, '0')}`;
const views = (post: number, day: number): number => 1000 * (post + 1) + 137 * day;

function* copyLines(): Generator<string> {
  for (let day = 0; day < readingsEach; day += 1) {
    for (let profile = 0; profile < profiles; profile += 1) {
      for (let post = 0; post < postsEach; post += 1) {
        const v = views(post, day);
        yield `${900_000_000 + profile}\t${post}\t${timeOf(day)}\t${timeOf(day)}\t${v}\t${v}\t${v >> 4}\t${post + day}\t${day}\texact\tbench\n`;
      }
    }
  }
}

async function writeLines(path: string, lines: Generator<string>): Promise<void> {
  const file = createWriteStream(path);
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < 65_536) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'close');
}

/** Rows per second of COPY alone; the rows are taken away again. */
async function bareCopy(dataDir: string, path: string): Promise<{ keyed: number; plain: number }> {
  await writeLines(path, copyLines());
  const handle = await openDatabase({ databaseUrl: null, dataDir }, silent);
  try {
    await migrate(handle, silent, {});
    await ensurePartitions(handle.db, timeOf(0).slice(0, 10), timeOf(readingsEach).slice(0, 10));
    const client = await handle.pool.connect();
    const columns =
      'profile_id, post_id, read_at, confirmed_at, view_count, play_count, like_count, comment_count, share_count, precision, source';
    const copy = async (table: string): Promise<number> => {
      await client.query('set statement_timeout = 0');
      const began = performance.now();
      await pipeline(createReadStream(path), client.query(copyFrom(`copy ${table} (${columns}) from stdin`)));
      const seconds = (performance.now() - began) / 1000;
      await client.query(`truncate ${table}`);
      return rows / seconds;
    };
    await client.query('create table bare (like post_readings)');
    const plain = await copy('bare');
    const keyed = await copy('post_readings');
    await client.query('drop table bare');
    client.release();
    return { keyed, plain };
  } finally {
    await handle.close();
  }
}

async function importFile(path: string, dataDir: string): Promise<{ seconds: number; peakMb: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [tallyline, 'import', path, '--json'], {
    env: { ...process.env, TALLYLINE_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let peakMb = 0;
  const watching = setInterval(() => {
    residentMb(child.pid ?? 0).then(
      (mb) => (peakMb = Math.max(peakMb, mb)),
      () => undefined,
    );
  }, 200);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watching);
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0 || !said.includes(`"readings_written":${rows}`)) throw new Error(`import ended with ${code}: ${said}`);
  process.stderr.write(`${seconds.toFixed(1)} s\n`);
  return { seconds, peakMb };
}
