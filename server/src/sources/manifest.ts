import type { Platform, ViewKind } from './source.ts';

export type Metric =
  | 'followers'
  | 'following'
  | 'posts'
  | 'verified'
  | 'views'
  | 'plays'
  | 'likes'
  | 'comments'
  | 'shares'
  | 'saves'
  | 'duration';

/** `sometimes`: the source sends it for some posts or in some of its payload shapes. */
export type Availability = 'exact' | 'rounded' | 'sometimes' | 'never';

/** Bounds of everything outbound. */
export interface Limits {
  /** One attempt, from the first byte sent to the last one read. */
  requestTimeoutMs: number;
  connectTimeoutMs: number;
  /** Requests at the same time; `queue` more may wait for their turn. */
  concurrency: number;
  queue: number;
  maxResponseBytes: number;
  /** Statuses of 500 and more that say something of what was asked for, and nothing of the server. */
  answersAbove500?: readonly number[];
  /** For transient failures only, and small: the collector has its own backoff. */
  retry: { attempts: number; initialDelayMs: number; maxDelayMs: number; budgetPercent: number };
  /** After so many failures in a row nothing is asked until `halfOpenAfterMs` later. */
  breaker: { failures: number; halfOpenAfterMs: number };
  /** A pause the source asks for is waited for up to here; during a longer one requests fail as rate_limited. */
  patienceMs: number;
  /** A 429 speaks for every request with this key, or only for the request itself. */
  rateLimitScope: 'key' | 'request';
  /** Requests start so far apart, and by chance up to `jitterMs` further. Absent: as soon as there is a place. */
  pace?: { intervalMs: number; jitterMs: number };
}

/** What a refresh costs, in what the source counts, so that it is known before it is spent. */
export interface Price {
  /** `free`: nothing but the quota. */
  unit: 'free' | 'request' | 'result' | 'unit';
  perProfile: number;
  perPage: number;
  /** A post that is asked for by itself; absent: none can be. */
  perPost?: number;
  /** US dollars a unit; null: depends on the plan. */
  usdPerUnit: number | null;
  note: string;
}

/** Requests that the source answers in a span of time, all accounts together. */
export interface Quota {
  requests: number;
  per: 'minute' | 'hour' | 'day';
}

/** What a feed shows. */
export interface Feed {
  perPage: number;
  /** The newest so many; null: all. */
  atMost: number | null;
  /** Of Instagram's two numbers of views, the one in the feed; null where there is one number, or none. */
  viewKind: ViewKind | null;
  /** Absent: one. 0: the page comes with the profile. */
  requestsPerPage?: number;
  /** The profile comes with the first page. */
  bringsProfile?: true;
  /** Each further request brings the newer posts again, and reaches so many times as deep. */
  growth?: number;
  /** One request sees posts of so many days alone. */
  windowDays?: number;
}

/** What one needs to know about a connector, as data. Its guide in docs/sources repeats the texts word for word. */
export interface Manifest {
  name: string;
  /** The guide is docs/sources/<guide>.md. */
  guide: string;
  defaultUrl: string;
  platforms: readonly Platform[];
  /** Source.idSpace: `platform` where profile ids are those of Instagram and TikTok themselves. */
  idSpace: string;
  limits: Limits;
  price: Price;
  /** US dollars a month that the connector spends at most, unless the operator has set another cap. Absent: no cap. */
  monthlyUsd?: number;
  /** null: not limited, or not said. */
  quota: Quota | null;
  gives: Partial<Record<Platform, Record<Metric, Availability>>>;
  feeds: Partial<Record<Platform, Feed>>;
  /** In one line: what this may be used for, and what using it risks. */
  terms: string;
  cannotSee: string;
}
