import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { type RankedFigures, type RankingMetric, rankBy, rankedFigures } from '../../metrics/ranking.ts';
import { utcDay } from '../../metrics/runs.ts';
import { type Preset, presetWindow, type Window } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import { type Context, shared } from '../context.ts';
import { creatorGains } from './creator-gains.ts';
import { creatorColumns, type CreatorRecord, creatorTables } from './creator-record.ts';

export interface RankedCreator {
  creator: CreatorRecord;
  /** From 1, without gaps. */
  rank: number;
  figures: RankedFigures;
}

export interface TopCreators {
  window: Window;
  ranks: RankedCreator[];
}

/** The creators whose accounts, as linked now, gained most. */
export async function listTopCreators(
  ctx: Context,
  input: { period: Preset; limit: number; metric: RankingMetric },
): Promise<TopCreators> {
  authorize(ctx, 'read');
  const window = presetWindow(input.period, utcDay(ctx.clock.now()));
  const gains = await shared(ctx, `gains of creators in ${input.period}`, () =>
    creatorGains(ctx.db, ctx.organizationId, window),
  );
  const figures = gains.map((row) => ({
    ...rankedFigures({ ...row, saves: null }, row.followers_gained),
    creatorId: row.creator_id,
  }));
  const top = rankBy(figures, input.metric).slice(0, input.limit);
  const creators = await findCreators(
    ctx.db,
    ctx.organizationId,
    top.map(({ creatorId }) => creatorId),
  );
  const ranked = top.flatMap(({ creatorId, ...rest }) => {
    const creator = creators.get(creatorId);
    return creator === undefined ? [] : [{ creator, figures: rest }];
  });
  return { window, ranks: ranked.map((entry, i) => ({ ...entry, rank: i + 1 })) };
}

async function findCreators(
  db: Kysely<Database>,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, CreatorRecord>> {
  const { rows } = await sql<CreatorRecord>`
    select ${creatorColumns} from ${creatorTables}
    where c.organization_id = ${organizationId} and c.creator_id = any(${[...ids]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.creator_id, row]));
}
