import type { Static } from 'typebox';
import type { AccountsSummary, Creator, CreatorAccountLink } from '../../../contract/v2/creator.ts';
import type { CreatorRank } from '../../../contract/v2/creator-rank.ts';
import type { CreatorRecord } from '../../../services/creators/creator-record.ts';
import type { RankedCreator } from '../../../services/creators/list-top-creators.ts';
import type { Link } from '../../../services/creators/link-account.ts';
import { timestamp } from '../times.ts';

/** §4.4 */
export function presentCreator(creator: CreatorRecord): Static<typeof Creator> {
  return {
    id: creator.creator_id,
    type: 'creator',
    name: creator.name,
    is_active: creator.is_active,
    metadata: creator.metadata,
    accounts_summary: presentSummary(creator),
  };
}

function presentSummary(creator: CreatorRecord): Static<typeof AccountsSummary> {
  return {
    total: creator.account_count,
    platforms: creator.accounts_per_platform,
    total_followers: creator.total_followers,
  };
}

/** §5.3, list_top_creators */
export function presentRank({ creator, rank, figures }: RankedCreator): Static<typeof CreatorRank> {
  const { saves: _, ...shown } = figures;
  return {
    type: 'creator_rank',
    rank,
    id: creator.creator_id,
    name: creator.name,
    ...shown,
    accounts_summary: presentSummary(creator),
  };
}

/** §4.5 */
export function presentLink(link: Link): Static<typeof CreatorAccountLink> {
  return {
    type: 'creator_account_link',
    creator_id: link.creatorId,
    account_id: link.accountId,
    linked_at: timestamp(link.linkedAt),
  };
}
