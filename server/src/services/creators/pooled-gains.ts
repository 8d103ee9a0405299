import { type Kysely, sql } from 'kysely';
import type { GainColumns } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import type { Gains } from '../../metrics/counters.ts';
import type { Day } from '../../metrics/days.ts';
import { gainRow } from '../../metrics/post-days.ts';
import { dayOfNumber } from '../../metrics/runs.ts';
import { type PostHolding, sharedPostCorrections } from '../../metrics/shared-posts.ts';
import { ownRuns } from '../posts/own-runs.ts';
import { postHolders } from '../posts/post-holder.ts';

/** What to add to the gains of a creator's accounts on a day, so that a post that several of them hold counts once; null = nothing. */
export interface PooledGains extends GainColumns {
  creator_id: string;
  day: Day;
  has_saves: boolean;
}

/**
 * Of accounts that look at a profile together. Made from all readings of the posts that two of them hold: such accounts are few, and
 * stored corrections would depend on who is linked now.
 */
export async function pooledGains(
  db: Kysely<Database>,
  organizationId: string,
  accountIds: readonly string[],
): Promise<PooledGains[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<{ creator_id: string; account_video_id: string; is_instagram: boolean }>`
    select a.creator_id, v.account_video_id, a.platform = 'instagram' as is_instagram
    from accounts a join account_videos v on v.organization_id = ${organizationId} and v.account_id = a.account_id
    where a.organization_id = ${organizationId} and a.account_id = any(${[...accountIds]}::uuid[])`.execute(db);
  const held = new Map(rows.map((row) => [row.account_video_id, row]));
  const holders = await postHolders(db, organizationId, ['account_video'], [...held.keys()]);
  const runs = await ownRuns(db, holders);
  const posts = new Map<string, { creatorId: string; hasSaves: boolean; holdings: PostHolding[] }>();
  for (const [i, { id, postId, countsFromZero }] of holders.entries()) {
    const row = held.get(id);
    if (row === undefined) continue;
    const key = `${row.creator_id} ${postId}`;
    const post = posts.get(key) ?? { creatorId: row.creator_id, hasSaves: row.is_instagram, holdings: [] };
    post.holdings.push({ countsFromZero, runs: runs[i] ?? [] });
    posts.set(key, post);
  }
  return [...posts.values()].flatMap(({ creatorId, hasSaves, holdings }) =>
    [...sharedPostCorrections(holdings)].map(([day, gains]) => ({
      creator_id: creatorId,
      day: dayOfNumber(day),
      has_saves: hasSaves,
      ...columnsOf(gains),
    })),
  );
}

/** A metric without a correction stays unread where it was not read. */
function columnsOf(gains: Gains): GainColumns {
  const { followers: _, ...columns } = gainRow(gains.map((gain) => (gain === 0 ? null : gain)));
  return columns;
}
