import { type RawBuilder, sql } from 'kysely';

type Among = 'organization' | 'creator';

/**
 * Whether account `a` stands for its profile among the accounts of its organization or creator: a profile may be tracked twice
 * (under two handles, before either was read), and counts once. The account whose own readings begin first stands for it: one
 * that was merged into another profile sees nothing of what was read there before (docs/adr/0015).
 */
export function representsProfile(among: Among): RawBuilder<boolean> {
  return sql`not ${hasEarlierTwin(among)}`;
}

/** The accounts of an organization that do not stand for their profiles: few, and found at once rather than one by one. */
export function laterTwins(organizationId: string): RawBuilder<unknown> {
  return sql`
    select a.account_id from accounts a
    where a.organization_id = ${organizationId} and a.deleted_at is null and ${hasEarlierTwin('organization')}`;
}

function hasEarlierTwin(among: Among): RawBuilder<boolean> {
  return sql`exists (
    select from accounts e
    where e.organization_id = a.organization_id and e.profile_id = a.profile_id and e.deleted_at is null
      ${among === 'creator' ? sql`and e.creator_id = a.creator_id` : sql``}
      and (e.counted_from, e.account_id) < (a.counted_from, a.account_id))`;
}
