import type { Static } from 'typebox';
import type { SearchMeta, SearchResults } from '../../../contract/v2/search.ts';
import type { Found } from '../../../services/search/search.ts';

/** §5.6 */
export function presentFound(found: Found): Static<typeof SearchResults> {
  return {
    accounts: found.accounts.map(({ account_id: id, platform, username, name }) => ({
      id,
      platform,
      username,
      display_name: name,
    })),
    creators: found.creators.map(({ creator_id: id, name }) => ({ id, name })),
    videos: found.videos.map(({ kind, ...video }) => ({ ...video, type: kind })),
  };
}

export function searchMeta(query: string, limit: number): Static<typeof SearchMeta> {
  return { query, limit_per_section: limit, effective_caps: { accounts: limit, creators: limit, videos: limit } };
}
