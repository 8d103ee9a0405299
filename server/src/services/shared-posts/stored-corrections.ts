import { type Kysely, sql } from 'kysely';
import type { GainColumns } from '../../database/columns.ts';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { gainNames } from '../../metrics/counters.ts';
import type { Day } from '../../metrics/days.ts';
import type { Correction } from './corrections.ts';
import { keyOf, type SharedPost } from './shared-post.ts';

interface Row extends GainColumns {
  organization_id: string;
  platform: SharedPost['platform'];
  external_id: string;
  day: Day;
}

const columns = sql.raw(['organization_id', 'platform', 'external_id', 'day', ...gainNames].join(', '));

/** The corrections of posts that are stored, by `dayKey`. */
export async function storedCorrections(
  db: Kysely<Database>,
  posts: readonly SharedPost[],
): Promise<Map<string, Correction>> {
  if (posts.length === 0) return new Map();
  const asked = posts.map(({ organizationId, platform, externalId }) => ({
    organization_id: organizationId,
    platform,
    external_id: externalId,
  }));
  const types = { organization_id: 'uuid', platform: 'text', external_id: 'text' };
  const { rows } = await sql<Row>`
    select ${columns} from ${unnest(asked, types)} join shared_post_days using (organization_id, platform, external_id)`.execute(
    db,
  );
  const corrections = rows.map((row) => ({
    organizationId: row.organization_id,
    platform: row.platform,
    externalId: row.external_id,
    day: row.day,
    gains: gainNames.map((name) => row[name]),
  }));
  return new Map(corrections.map((correction) => [dayKey(correction), correction]));
}

export const dayKey = (correction: Correction): string => `${keyOf(correction)} ${correction.day}`;
