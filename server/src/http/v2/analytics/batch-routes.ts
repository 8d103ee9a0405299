import type { FastifyInstance } from 'fastify';
import type { FieldError } from '../../../contract/problem.ts';
import {
  AccountMetricsRequest,
  AccountVideoMetricsRequest,
  DeltasById,
  DeltasMeta,
  maxBatchSize,
  MetricsById,
  MetricsMeta,
  VideoDeltasRequest,
  VideoMetricsRequest,
} from '../../../contract/v2/batches.ts';
import { withMeta } from '../../../contract/v2/conventions.ts';
import { batchAccountMetrics } from '../../../services/analytics/batch-account-metrics.ts';
import { batchAccountVideoMetrics } from '../../../services/analytics/batch-account-video-metrics.ts';
import { batchVideoDeltas } from '../../../services/analytics/batch-video-deltas.ts';
import { batchVideoMetrics } from '../../../services/analytics/batch-video-metrics.ts';
import { windowProblems } from '../../../services/analytics/parse-window.ts';
import type { RawInput } from '../definition.ts';
import { operation } from '../operation.ts';
import type { RouteDeps } from '../route-deps.ts';
import { presentDeltas, presentMetrics } from './present-batch.ts';

const read = { method: 'POST', scope: 'read', success: 200, errors: [] } as const;
const metrics = {
  ...read,
  tag: 'Analytics',
  response: withMeta(MetricsById, MetricsMeta),
  validate: ({ body }: RawInput, now: Date): FieldError[] => windowProblems(body, now),
} as const;

export function batchRoutes(app: FastifyInstance, deps: RouteDeps): void {
  uuidMetricsRoutes(app, deps);
  internalIdMetricsRoute(app, deps);
  deltasRoute(app, deps);
}

function uuidMetricsRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const ofAccounts = {
    ...metrics,
    id: 'batch_account_metrics',
    path: '/accounts/metrics',
    summary: 'Figures of many accounts',
    body: AccountMetricsRequest,
  };
  operation(app, deps, ofAccounts, async (ctx, { body }) => ({
    body: presentMetrics(await batchAccountMetrics(ctx, { accountIds: body.account_ids, request: body })),
  }));
  const ofVideos = {
    ...metrics,
    id: 'batch_video_metrics',
    path: '/videos/metrics',
    summary: 'Figures of many posts, of both kinds',
    body: VideoMetricsRequest,
  };
  operation(app, deps, ofVideos, async (ctx, { body }) => ({
    body: presentMetrics(await batchVideoMetrics(ctx, { videoIds: body.video_ids, request: body })),
  }));
}

function internalIdMetricsRoute(app: FastifyInstance, deps: RouteDeps): void {
  const definition = {
    ...metrics,
    id: 'batch_account_video_metrics',
    path: '/account-videos/metrics',
    summary: 'Figures of many posts of tracked accounts',
    body: AccountVideoMetricsRequest,
    validate: (raw: RawInput, now: Date) => [...jointBound(raw.body), ...windowProblems(raw.body, now)],
  };
  operation(app, deps, definition, async (ctx, { body }) => {
    const instagram = (body.instagram_post_ids ?? []).map(
      (internalId) => ({ platform: 'instagram', internalId }) as const,
    );
    const tiktok = (body.tiktok_video_ids ?? []).map((internalId) => ({ platform: 'tiktok', internalId }) as const);
    return {
      body: presentMetrics(await batchAccountVideoMetrics(ctx, { ids: [...instagram, ...tiktok], request: body })),
    };
  });
}

function deltasRoute(app: FastifyInstance, deps: RouteDeps): void {
  const definition = {
    ...read,
    id: 'batch_video_deltas',
    path: '/videos/deltas',
    tag: 'Videos',
    summary: 'Views that many posts gained in the last days',
    body: VideoDeltasRequest,
    response: withMeta(DeltasById, DeltasMeta),
  } as const;
  operation(app, deps, definition, async (ctx, { body }) => ({
    body: presentDeltas(await batchVideoDeltas(ctx, { videoIds: body.video_ids, windows: body.windows ?? null })),
  }));
}

/** What is wrong with a single list the schema says. */
function jointBound({
  instagram_post_ids: instagram,
  tiktok_video_ids: tiktok,
}: Record<string, unknown>): FieldError[] {
  const lists = [instagram ?? [], tiktok ?? []];
  if (!lists.every(Array.isArray)) return [];
  const count = lists.flat().length;
  if (count >= 1 && count <= maxBatchSize) return [];
  const message = `must contain between 1 and ${maxBatchSize} items over instagram_post_ids and tiktok_video_ids`;
  return [{ field: 'body', message }];
}
