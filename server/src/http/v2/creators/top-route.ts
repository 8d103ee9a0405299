import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { withMeta } from '../../../contract/v2/conventions.ts';
import { CreatorRank, CreatorRankMeta, CreatorRankQuery } from '../../../contract/v2/creator-rank.ts';
import { listTopCreators } from '../../../services/creators/list-top-creators.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentRank } from './present.ts';

export function topRoute(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'list_top_creators',
      method: 'GET',
      path: '/creators/top',
      tag: 'Creators',
      scope: 'read',
      summary: 'Creators that gained most',
      description: 'By the gains of the accounts linked now. All creators take part; equal ones follow by name.',
      query: CreatorRankQuery,
      success: 200,
      response: withMeta(Type.Array(CreatorRank), CreatorRankMeta),
      errors: [],
    },
    async (ctx, { query: { period = '30d', limit = 10, metric = 'views' } }) => {
      const { window, ranks } = await listTopCreators(ctx, { period, limit, metric });
      const { start, end, days } = window;
      const meta = { period, start_date: start, end_date: end, days, metric, limit };
      return { body: { data: ranks.map(presentRank), meta } };
    },
  );
}
