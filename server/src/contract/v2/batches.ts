import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';
import { periodMeta, windowMembers } from './analytics.ts';
import { Count, nullable, Uuid } from './conventions.ts';

/** Figures of up to 200 accounts or posts at once. Contract §5.2 and §5.4. */

export const maxBatchSize = 200;
const Ids = Type.Array(Uuid, { minItems: 1, maxItems: maxBatchSize, description: 'An id sent twice is answered once' });
const InternalIds = Type.Array(Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }), {
  description: 'internal_id of account videos',
});
const NotFound = Type.Array(Type.String(), { description: 'Ids that are not in data, as they were sent' });

/** `{"<id>": T}` */
const byId = <T extends TSchema>(schema: T, description: string): TUnsafe<Record<string, Static<T>>> =>
  Type.Unsafe({ type: 'object', additionalProperties: schema, description });

export const AccountMetricsRequest = Type.Object(
  { account_ids: Ids, ...windowMembers },
  { title: 'AccountMetricsRequest' },
);
export const VideoMetricsRequest = Type.Object({ video_ids: Ids, ...windowMembers }, { title: 'VideoMetricsRequest' });
export const AccountVideoMetricsRequest = Type.Object(
  {
    instagram_post_ids: Type.Optional(nullable(InternalIds)),
    tiktok_video_ids: Type.Optional(nullable(InternalIds)),
    ...windowMembers,
  },
  { title: 'AccountVideoMetricsRequest', description: `1 to ${maxBatchSize} ids over both lists` },
);

const MetricFigures = Type.Object(
  { views: Count, plays: Count, likes: Count, comments: Count, shares: Count, engagement: Count },
  { title: 'MetricFigures', description: 'Gains in the window; 0 when nothing was read' },
);
export const MetricsById = byId(MetricFigures, 'By id, as text');
export const MetricsMeta = Type.Object({ ...periodMeta, not_found: NotFound }, { title: 'MetricsMeta' });

export const VideoDeltasRequest = Type.Object(
  {
    video_ids: Ids,
    windows: Type.Optional(
      nullable(
        Type.Array(Type.Integer({ minimum: 1, maximum: 365 }), {
          minItems: 1,
          maxItems: 10,
          description: 'Numbers of UTC days, each window ending today; default [1, 7, 14, 30]',
        }),
      ),
    ),
  },
  { title: 'VideoDeltasRequest' },
);
export const DeltasById = byId(byId(Count, 'Views gained, by window: 1d, 7d, …'), 'By id');
export const DeltasMeta = Type.Object(
  { windows: Type.Array(Type.Integer()), video_count: Type.Integer(), not_found: NotFound },
  { title: 'DeltasMeta' },
);
