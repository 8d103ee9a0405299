import { invalid } from '../../contract/problem.ts';
import type { Metadata } from '../../database/columns.ts';

/** Absent means unchanged; null clears where that has a meaning, and means unchanged elsewhere (contract v2 §2.1). */
export interface AccountChanges {
  is_active?: boolean | null | undefined;
  category?: string | null | undefined;
  metadata?: Metadata | null | undefined;
  scrape_interval_hours?: number | null | undefined;
  creator_id?: string | null | undefined;
  max_recent_posts_per_account?: number | null | undefined;
  post_lookback_days?: number | null | undefined;
}

export function parseAccountChanges(input: AccountChanges): AccountChanges {
  if (Object.keys(input).length === 0) throw invalid([{ field: 'body', message: 'must have at least one member' }]);
  const { creator_id: creatorId } = input;
  return typeof creatorId === 'string' ? { ...input, creator_id: creatorId.toLowerCase() } : input;
}
