import type { FastifyInstance } from 'fastify';
import { withMeta } from '../../../contract/v2/conventions.ts';
import { defaultSearchLimit, SearchMeta, searchQuery, SearchResults } from '../../../contract/v2/search.ts';
import { search } from '../../../services/search/search.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentFound, searchMeta } from './present.ts';

export function searchRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'search',
      method: 'GET',
      path: '/search',
      tag: 'Search',
      scope: 'read',
      summary: 'Accounts, creators and posts by a part of their name or caption',
      description: 'Names that begin with the text come first, then by name; posts newest first.',
      query: searchQuery,
      success: 200,
      response: withMeta(SearchResults, SearchMeta),
      errors: [],
    },
    async (ctx, { query: { q, limit = defaultSearchLimit } }) => {
      const found = await search(ctx, { q, limit });
      return { body: { data: presentFound(found), meta: searchMeta(q, limit) } };
    },
  );
}
