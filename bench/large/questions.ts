import type { Question } from './paced.ts';

export interface Ids {
  accounts: string[];
  creators: string[];
  videos: string[];
  accountVideos: string[];
  /** Internal ids, by platform. */
  posts: { instagram: number[]; tiktok: number[] };
}

export interface Operation {
  name: string;
  limitMs: number;
  next: () => Question;
}

const single = 50;
const wide = 100;

/** Every read operation, each asked about other ids every time. Limits: 50 ms for one thing or a page, 100 ms for what sums many. */
export function operations(ids: Ids): Operation[] {
  const turns = new Map<readonly unknown[], number>();
  const take = <T>(list: readonly T[]): T => {
    const turn = turns.get(list) ?? 0;
    turns.set(list, turn + 1);
    const item = list[turn % list.length];
    if (item === undefined) throw new Error('nothing to ask about');
    return item;
  };
  const many = <T>(list: readonly T[], count: number): T[] => Array.from({ length: count }, () => take(list));
  const get = (name: string, limitMs: number, path: () => string): Operation => ({
    name,
    limitMs,
    next: () => ({ path: `/v2${path()}` }),
  });
  const post = (name: string, path: string, body: () => object): Operation => ({
    name,
    limitMs: wide,
    next: () => ({ path: `/v2${path}`, body: body() }),
  });
  const periods = ['7d', '30d', '90d'] as const;
  const metrics = ['views', 'likes', 'engagement', 'followers_gained', 'engagement_rate'] as const;
  const scripts = ['summer', 'rec', 'ラーメン', '猫', 'رمضان', '🔥', 'gözlük', 'a'];
  let rare = 0;
  return [
    get('list_accounts', single, () => `/accounts?limit=50&order_by=${take(['added_at', 'view_count', 'username'])}`),
    get('list_accounts, q', single, () => `/accounts?limit=50&q=_${take(ids.accounts).slice(0, 2)}`),
    get('get_account', single, () => `/accounts/${take(ids.accounts)}`),
    get('list_videos', single, () => `/videos?limit=50&order_by=${take(['added_at', 'view_count', 'create_time'])}`),
    get('get_video', single, () => `/videos/${take(ids.videos)}`),
    get(
      'list_account_videos',
      single,
      () => `/account-videos?limit=50&order_by=${take(['create_time', 'view_count', 'share_count'])}`,
    ),
    get('list_account_videos of an account', single, () => `/account-videos?limit=50&account_id=${take(ids.accounts)}`),
    get('list_account_videos of a creator', single, () => `/account-videos?limit=50&creator_id=${take(ids.creators)}`),
    get('list_account_videos, q', single, () => `/account-videos?limit=50&q=${encodeURIComponent(take(scripts))}`),
    get('get_account_video', single, () => `/account-videos/${take(ids.accountVideos)}`),
    get('list_creators', single, () => '/creators?limit=50'),
    get('get_creator', single, () => `/creators/${take(ids.creators)}`),
    get('list_top_creators', wide, () => `/creators/top?limit=25&period=${take(periods)}&metric=${take(metrics)}`),
    get('get_organization_analytics', wide, () => `/analytics?period=${take(periods)}`),
    get('get_organization_timeseries', wide, () => `/analytics/timeseries?period=${take(periods)}`),
    get('get_organization_timeseries, a year', wide, () => `/analytics/timeseries?${lastYear()}`),
    get('get_account_analytics', single, () => `/accounts/${take(ids.accounts)}/analytics?period=${take(periods)}`),
    get('get_account_timeseries', single, () => `/accounts/${take(ids.accounts)}/analytics/timeseries?${lastYear()}`),
    get('get_creator_analytics', single, () => `/creators/${take(ids.creators)}/analytics?period=${take(periods)}`),
    get('get_creator_timeseries', single, () => `/creators/${take(ids.creators)}/analytics/timeseries?${lastYear()}`),
    get('get_video_analytics', single, () => `/videos/${take(ids.videos)}/analytics?period=${take(periods)}`),
    get('get_video_timeseries', single, () => `/videos/${take(ids.videos)}/analytics/timeseries`),
    get(
      'get_account_video_analytics',
      single,
      () => `/account-videos/${take(ids.accountVideos)}/analytics?period=${take(periods)}`,
    ),
    get(
      'get_account_video_timeseries',
      single,
      () => `/account-videos/${take(ids.accountVideos)}/analytics/timeseries`,
    ),
    post('batch_account_metrics of 200', '/accounts/metrics', () => ({
      account_ids: many(ids.accounts, 200),
      period: take(periods),
    })),
    post('batch_video_metrics of 200', '/videos/metrics', () => ({
      video_ids: [...many(ids.accountVideos, 150), ...many(ids.videos, 50)],
      period: take(periods),
    })),
    post('batch_account_video_metrics of 200', '/account-videos/metrics', () => ({
      instagram_post_ids: many(ids.posts.instagram, 100),
      tiktok_video_ids: many(ids.posts.tiktok, 100),
      period: take(periods),
    })),
    post('batch_video_deltas of 200', '/videos/deltas', () => ({
      video_ids: [...many(ids.accountVideos, 150), ...many(ids.videos, 50)],
    })),
    get('get_overview', wide, () => `/overview?period=${take(periods)}`),
    get('search, common', wide, () => `/search?limit=25&q=${encodeURIComponent(take(scripts))}`),
    get('search, rare or absent', wide, () => {
      rare += 1;
      return `/search?limit=25&q=${rare.toString(16).padStart(5, 'e')}`;
    }),
    get('get_whoami', single, () => '/whoami'),
  ];
}

const dayMs = 86_400_000;

function lastYear(): string {
  const now = Date.now();
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return `period=custom&start_date=${day(now - 364 * dayMs)}&end_date=${day(now)}`;
}
