import type { Platform } from './source.ts';

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
  /** For transient failures only, and small: the collector has its own backoff. */
  retry: { attempts: number; initialDelayMs: number; maxDelayMs: number; budgetPercent: number };
  /** After so many failures in a row nothing is asked until `halfOpenAfterMs` later. */
  breaker: { failures: number; halfOpenAfterMs: number };
  /** A pause the source asks for is waited for up to here; during a longer one requests fail as rate_limited. */
  patienceMs: number;
  /** A 429 speaks for every request with this key, or only for the request itself. */
  rateLimitScope: 'key' | 'request';
}

/** What one needs to know about a connector, as data. */
export interface Manifest {
  name: string;
  defaultUrl: string;
  platforms: readonly Platform[];
  /** Source.idSpace: `platform` where profile ids are those of Instagram and TikTok themselves. */
  idSpace: string;
  limits: Limits;
  price: { creditsPerRequest: number; note: string };
  gives: Partial<Record<Platform, Record<Metric, Availability>>>;
}
