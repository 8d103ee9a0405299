import type { FastifyInstance } from 'fastify';
import { AccountVideo, accountVideoFilters, accountVideoSort } from '../../../contract/v2/account-video.ts';
import { collection, idParams, listQuery, single } from '../../../contract/v2/conventions.ts';
import { getAccountVideo } from '../../../services/account-videos/get-account-video.ts';
import { listAccountVideos } from '../../../services/account-videos/list-account-videos.ts';
import { postedSpanProblems } from '../../../services/account-videos/posted-span.ts';
import { closePage, cursorProblems, type ListSpec, openPage } from '../list.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentAccountVideo } from './present.ts';

const list = {
  path: '/account-videos',
  sort: accountVideoSort,
  filters: Object.keys(accountVideoFilters),
} satisfies ListSpec<(typeof accountVideoSort.keys)[number]>;

export function accountVideoRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'list_account_videos',
      method: 'GET',
      path: '/account-videos',
      tag: 'Videos',
      scope: 'read',
      summary: 'Posts found in the feeds of tracked accounts',
      query: listQuery(accountVideoSort, accountVideoFilters),
      validate: (raw, _now, organizationId) => [
        ...cursorProblems(list, raw, organizationId),
        ...postedSpanProblems(raw.query),
      ],
      success: 200,
      response: collection(AccountVideo, accountVideoFilters, accountVideoSort),
      errors: [],
    },
    async (ctx, { query }) => {
      const page = openPage(ctx, list, query);
      return closePage(ctx, list, page, await listAccountVideos(ctx, page), presentAccountVideo);
    },
  );
  operation(
    app,
    deps,
    {
      id: 'get_account_video',
      method: 'GET',
      path: '/account-videos/:account_video_id',
      tag: 'Videos',
      scope: 'read',
      summary: 'One post of a tracked account',
      params: idParams('account_video_id'),
      success: 200,
      response: single(AccountVideo),
      errors: ['NOT_FOUND'],
    },
    async (ctx, { params }) => {
      const post = await getAccountVideo(ctx, { accountVideoId: params.account_video_id });
      return { body: { data: presentAccountVideo(post) } };
    },
  );
}
