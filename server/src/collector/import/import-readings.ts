import { type Kysely, sql } from 'kysely';
import PQueue from 'p-queue';
import type pg from 'pg';
import { conflict, invalid } from '../../contract/problem.ts';
import { ensurePartitions } from '../../database/partitions.ts';
import type { Database } from '../../database/tables.ts';
import { utcDay } from '../../metrics/runs.ts';
import { audit } from '../../services/audit.ts';
import { authorizeOperator } from '../../services/authorize-admin.ts';
import type { Context } from '../../services/context.ts';
import { bumpVersion } from '../../services/versions.ts';
import type { Platform } from '../../sources/source.ts';
import { applyProfile, type StagedProfile } from './apply-profile.ts';
import { checkStaged } from './check-staged.ts';
import type { RowProblem } from './fields.ts';
import { type Mapping, mapsTotals, parseMapping } from './mapping.ts';
import { type FileFormat, readRows, type RowCounts } from './read-rows.ts';
import { stageReadings } from './staging.ts';
import { ensureAccount, requireRoom } from './tracked-account.ts';

export interface ImportDeps {
  pool: pg.Pool;
  onProblem: (problem: RowProblem) => void;
  /** So many more bytes of the file were read. Reading goes on when it has settled, so whoever keeps problems can keep up. */
  onBytes?: (bytes: number) => Promise<void>;
  onProfile?: (done: number, total: number) => void;
}

export interface ImportInput {
  /** What the file is called, for the trail. */
  name: string;
  content: AsyncIterable<Uint8Array>;
  format: FileFormat;
  mapping: Mapping;
  /** Leave bad rows out; otherwise one of them is enough, and nothing is imported. */
  skipBad: boolean;
  /** Accounts that are new are collected from now on; otherwise they are paused. */
  track: boolean;
}

export interface ImportResult {
  /** False: a row is bad, and nothing was imported. */
  imported: boolean;
  rows: number;
  badRows: number;
  /** Rows without any number: nothing was read. */
  emptyRows: number;
  /** Columns that nothing was made of. */
  unusedColumns: string[];
  profiles: number;
  accountsAdded: number;
  /** Readings that are new, or that correct what was imported before. */
  readingsWritten: number;
}

const concurrency = 2;
const profilesAtOnce = 500;

/**
 * Takes past readings from a file into an organization. The whole file is staged and checked before anything is written; then
 * profile after profile is written in a transaction each. An import that was killed is finished by running it again. For the
 * operator alone, since readings are shared by all organizations that track a profile.
 */
export async function importReadings(ctx: Context, deps: ImportDeps, input: ImportInput): Promise<ImportResult> {
  authorizeOperator(ctx);
  const mapping = parseMapping(input.mapping);
  if (input.track && mapsTotals(mapping)) {
    throw invalid([{ field: 'track', message: 'must not be used with totals: the posts to come would count twice' }]);
  }
  return alone(ctx.db, async () => {
    const counts = await stageFile(ctx, deps, { ...input, mapping });
    counts.bad += await checkStaged(ctx.db, deps.onProblem);
    const result = {
      imported: counts.bad === 0 || input.skipBad,
      rows: counts.rows,
      badRows: counts.bad,
      emptyRows: counts.empty,
      unusedColumns: counts.unused,
      profiles: 0,
      accountsAdded: 0,
      readingsWritten: 0,
    };
    if (result.imported) Object.assign(result, await apply(ctx, deps, input.track));
    await sql`truncate import_rows`.execute(ctx.db);
    if (result.imported) await leaveTrail(ctx, input.name, result);
    return result;
  });
}

/** One import at a time: they share a staging table. The lock goes with the process that holds it. */
async function alone<T>(db: Kysely<Database>, work: () => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
    const { rows } = await sql<{ is_free: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended('tallyline.import', 0)) as is_free`.execute(trx);
    if (rows[0]?.is_free !== true) throw conflict('Another import is running; try again when it has finished.');
    return work();
  });
}

async function stageFile(ctx: Context, deps: ImportDeps, input: ImportInput): Promise<RowCounts> {
  let counts: RowCounts = { rows: 0, empty: 0, bad: 0, unused: [] };
  await stageReadings(deps.pool, async (stager) => {
    counts = await readRows({
      content: input.content,
      format: input.format,
      mapping: input.mapping,
      now: ctx.clock.now(),
      onReading: stager.add,
      onProblem: deps.onProblem,
      afterChunk: async (bytes) => {
        await stager.flush();
        await deps.onBytes?.(bytes);
      },
    });
  });
  return counts;
}

async function apply(
  ctx: Context,
  { onProfile }: ImportDeps,
  track: boolean,
): Promise<Pick<ImportResult, 'profiles' | 'accountsAdded' | 'readingsWritten'>> {
  await requireRoom(ctx);
  const { rows, profiles } = await makePartitions(ctx.db);
  const done = { profiles: 0, rows: 0, accountsAdded: 0, readingsWritten: 0 };
  const one = async (staged: StagedProfile): Promise<void> => {
    const { accountId, isNew } = await ensureAccount(ctx, staged, track);
    const written = await applyProfile(ctx.db, { organizationId: ctx.organizationId, accountId }, staged);
    done.profiles += 1;
    done.rows += staged.rows;
    done.accountsAdded += isNew ? 1 : 0;
    done.readingsWritten += written;
    onProfile?.(done.profiles, profiles);
  };
  for await (const page of stagedProfiles(ctx.db)) {
    const queue = new PQueue({ concurrency });
    await queue.addAll(page.map((staged) => () => one(staged)));
  }
  if (done.rows !== rows) throw new Error('the database has restarted during the import; import the file again');
  const { rows: _, ...result } = done;
  return result;
}

async function makePartitions(db: Kysely<Database>): Promise<{ rows: number; profiles: number }> {
  const found = await db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    const { rows } = await sql<{ first: Date | null; last: Date | null; rows: number; profiles: number }>`
      select min(first) as first, max(last) as last, coalesce(sum(rows), 0)::bigint as rows, count(*) as profiles from (
        select min(read_at) as first, max(read_at) as last, count(*) as rows from import_rows group by platform, username
      ) profiles`.execute(trx);
    return rows[0];
  });
  if (found === undefined || found.first === null || found.last === null) return { rows: 0, profiles: 0 };
  await ensurePartitions(db, utcDay(found.first), utcDay(found.last));
  return { rows: found.rows, profiles: found.profiles };
}

/** The profiles of the staging table in a fixed order, some at a time. */
async function* stagedProfiles(db: Kysely<Database>): AsyncGenerator<StagedProfile[]> {
  let after: { platform: Platform | ''; username: string } = { platform: '', username: '' };
  for (;;) {
    const { rows } = await sql<StagedProfile>`
      select platform, username, count(*) as rows from import_rows
      where (platform, username) > (${after.platform}, ${after.username})
      group by 1, 2 order by 1, 2 limit ${profilesAtOnce}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last;
  }
}

async function leaveTrail(ctx: Context, name: string, result: ImportResult): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const detail = { file: name, rows: result.rows, bad_rows: result.badRows, readings: result.readingsWritten };
    await audit(trx, ctx, {
      action: 'readings.import',
      subjectType: 'organization',
      subjectId: ctx.organizationId,
      detail,
    });
    await bumpVersion(trx, [ctx.organizationId]);
  });
}
