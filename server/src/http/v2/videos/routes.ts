import type { FastifyInstance } from 'fastify';
import { collection, idParams, listQuery, single } from '../../../contract/v2/conventions.ts';
import { NewVideo, Video, VideoChanges, videoFilters, videoSort } from '../../../contract/v2/video.ts';
import { createVideo } from '../../../services/videos/create-video.ts';
import { deleteVideo } from '../../../services/videos/delete-video.ts';
import { getVideo } from '../../../services/videos/get-video.ts';
import { listVideos } from '../../../services/videos/list-videos.ts';
import { newVideoProblems } from '../../../services/videos/parse-video.ts';
import { updateVideo } from '../../../services/videos/update-video.ts';
import { closePage, cursorProblems, type ListSpec, openPage } from '../list.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentVideo } from './present.ts';

const list = {
  path: '/videos',
  sort: videoSort,
  filters: Object.keys(videoFilters),
} satisfies ListSpec<(typeof videoSort.keys)[number]>;

const params = idParams('video_id');

export function videoRoutes(app: FastifyInstance, deps: RouteDeps): void {
  readRoutes(app, deps);
  createRoute(app, deps);
  changeRoutes(app, deps);
}

function readRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'list_videos',
      method: 'GET',
      path: '/videos',
      tag: 'Videos',
      scope: 'read',
      summary: 'Posts that are tracked on their own',
      query: listQuery(videoSort, videoFilters),
      validate: (raw, _now, organizationId) => cursorProblems(list, raw, organizationId),
      success: 200,
      response: collection(Video, videoFilters, videoSort),
      errors: [],
    },
    async (ctx, { query }) => {
      const page = openPage(ctx, list, query);
      return closePage(ctx, list, page, await listVideos(ctx, page), presentVideo);
    },
  );
  operation(
    app,
    deps,
    {
      id: 'get_video',
      method: 'GET',
      path: '/videos/:video_id',
      tag: 'Videos',
      scope: 'read',
      summary: 'One post that is tracked on its own',
      params,
      success: 200,
      response: single(Video),
      errors: ['NOT_FOUND'],
    },
    async (ctx, input) => {
      const video = await getVideo(ctx, { videoId: input.params.video_id });
      return { body: { data: presentVideo(video) } };
    },
  );
}

function createRoute(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'create_video',
      method: 'POST',
      path: '/videos',
      tag: 'Videos',
      scope: 'write',
      summary: 'Track a post on its own',
      description: 'Its author need not be tracked. It is fetched in the background at once. Poll last_scrape_time.',
      body: NewVideo,
      validate: ({ body }) => newVideoProblems(body),
      success: 201,
      response: single(Video),
      errors: ['CONFLICT'],
      idempotent: true,
    },
    async (ctx, { body }) => {
      const video = await createVideo(ctx, body);
      return { body: { data: presentVideo(video) }, location: `/v2/videos/${video.video_id}` };
    },
  );
}

function changeRoutes(app: FastifyInstance, deps: RouteDeps): void {
  operation(
    app,
    deps,
    {
      id: 'update_video',
      method: 'PATCH',
      path: '/videos/:video_id',
      tag: 'Videos',
      scope: 'write',
      summary: 'Change, pause or resume a video',
      params,
      body: VideoChanges,
      success: 200,
      response: single(Video),
      errors: ['NOT_FOUND'],
    },
    async (ctx, { params: { video_id: videoId }, body: changes }) => {
      const video = await updateVideo(ctx, { videoId, changes });
      return { body: { data: presentVideo(video) } };
    },
  );
  operation(
    app,
    deps,
    {
      id: 'delete_video',
      method: 'DELETE',
      path: '/videos/:video_id',
      tag: 'Videos',
      scope: 'write',
      summary: 'Stop tracking a video',
      description: 'Adding it again within 30 days brings back its history.',
      params,
      success: 204,
      errors: ['NOT_FOUND'],
    },
    async (ctx, input) => {
      await deleteVideo(ctx, { videoId: input.params.video_id });
      return {};
    },
  );
}
