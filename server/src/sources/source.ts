/**
 * Where numbers come from. A source fetches one profile or post from a platform or vendor, normalises what it
 * answers, and classifies everything that can go wrong into one of the outcome codes. It knows nothing of the database.
 */

export type Platform = 'instagram' | 'tiktok';

/** Every way a request to a source can end. The meaning is the same for every source. */
export const outcomeCodes = [
  'ok',
  'not_found',
  'private',
  'unsupported_account',
  'restricted',
  'removed_post',
  'hidden_metric',
  'rate_limited',
  'quota_exhausted',
  'auth_expired',
  'permission_missing',
  'challenge',
  'blocked',
  'upstream_changed',
  'transient',
  'insufficient_credit',
] as const;
export type OutcomeCode = (typeof outcomeCodes)[number];

/** A failed request: the code decides what happens next, the message is for operators and never reaches a client. */
export interface Failure {
  code: Exclude<OutcomeCode, 'ok'>;
  message: string;
  /** Milliseconds to wait, when the source said so (`rate_limited`). */
  retryAfterMs?: number;
  /** When the quota is renewed, when known (`quota_exhausted`). */
  resetAt?: Date;
}

export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export type Precision = 'exact' | 'rounded';

/**
 * Instagram has two numbers called views. `displayed` is what people see under a reel (plays, and Graph's `view_count`);
 * `legacy` counts views of three seconds and more and is far smaller. A series keeps to one kind.
 */
export type ViewKind = 'displayed' | 'legacy';

/** Cumulative counters of a post; null = the source did not give it, or the platform hides it. Never 0 for unknown. */
export interface PostCounters {
  viewCount: number | null;
  playCount: number | null;
  likeCount: number | null;
  commentCount: number | null;
  shareCount: number | null;
  savedCount: number | null;
  fbPlayCount: number | null;
  igPlayCount: number | null;
  fbLikeCount: number | null;
}

export interface ObservedProfile {
  /** The platform's own numeric id, as text, in the source's id space. null when the source does not give it. */
  platformProfileId: string | null;
  /** The id by which only this source knows the profile (Graph: 17841…). Absent when it has no such id. */
  sourceProfileId?: string;
  /** Canonical handle as the platform wrote it, lower-cased. */
  username: string;
  name: string | null;
  description: string | null;
  linkInBio: string | null;
  profilePicUrl: string | null;
  isVerified: boolean | null;
  isPrivate: boolean;
  followerCount: number | null;
  followingCount: number | null;
  postCount: number | null;
  precision: Precision;
  /** True: likes of its posts are hidden, whatever number stands in their place. Absent when the answer does not say. */
  hidesCounts?: boolean;
}

export interface ObservedPost {
  /** The platform's post id as decimal text, no digit lost (Instagram: media pk, TikTok: aweme id). */
  externalId: string;
  shortcode: string | null;
  /** null when the source does not say. */
  createTime: Date | null;
  caption: string | null;
  mediaType: 'video' | 'image' | 'carousel' | null;
  durationSeconds: number | null;
  coverImageUrl: string | null;
  videoUrl: string | null;
  isPinned: boolean;
  viewKind: ViewKind | null;
  counters: PostCounters;
  precision: Precision;
}

/** An item the connector could not accept as data, kept aside with its reason. */
export interface RefusedItem {
  externalId: string | null;
  reason: string;
  /** A small, JSON-serialisable part of what was received. */
  excerpt: unknown;
}

export interface PostPage {
  posts: ObservedPost[];
  refused: RefusedItem[];
  /** Opaque position of the next page, null on the last one. */
  nextCursor: string | null;
}

export interface ProfileRef {
  platform: Platform;
  username: string;
  /** In the source's id space, known from an earlier refresh; preferred by sources that can ask by id, since handles are renamed and recycled. */
  platformProfileId: string | null;
  /** It hid its counts when an answer said so last; sources ask where they are told whether it still does. */
  hidesCounts?: boolean;
}

export interface PostRef {
  platform: Platform;
  externalId: string;
  shortcode: string | null;
  authorUsername: string | null;
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** The time the request is made at. Only the sandbox world reads it, so that history can be simulated. */
  now: Date;
}

export interface Source {
  /** `sandbox`, `scrapecreators`, `instagram_graph`, … kept with every reading. */
  readonly name: string;
  readonly platforms: readonly Platform[];
  /** True for simulated data, which is marked everywhere a person or a client can see it. */
  readonly isSandbox: boolean;
  /** Sources of one space give a profile the same platformProfileId; ids of different spaces say nothing about each other. */
  readonly idSpace: string;
  fetchProfile(ref: ProfileRef, options: RequestOptions): Promise<Result<ObservedProfile>>;
  fetchPosts(ref: ProfileRef, cursor: string | null, options: RequestOptions): Promise<Result<PostPage>>;
  /** The post, and who wrote it when the source says so. Absent where the source cannot fetch a single post. */
  fetchPost?(ref: PostRef, options: RequestOptions): Promise<Result<ObservedPostWithAuthor>>;
  /** Ends pools, timers and (sandbox) servers. Idempotent. */
  close(): Promise<void>;
}

export interface ObservedPostWithAuthor {
  post: ObservedPost;
  author: { platformProfileId: string | null; username: string } | null;
}
