import { createHttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import type { Source } from '../source.ts';
import { createApi } from './api.ts';
import { createInstagram, type InstagramReach } from './instagram.ts';
import type { Patience } from './run.ts';
import { createRunner } from './runner.ts';
import { booksPath, createSpending } from './spending.ts';
import { createTiktok } from './tiktok.ts';

export interface ApifyOptions {
  manifest: Manifest;
  baseUrl: string;
  token: string;
  /** Spending of the whole account in its month stays below this. */
  monthlyUsd: number;
  usdPerResult: number;
  reach: InstagramReach;
  patience: Patience;
}

/** Beside the runs, their books are read and runs are stopped. */
const otherRequests = 2;

/** Actors of Apify, run one profile at a time. */
export function createApify({ manifest, baseUrl, token, ...options }: ApifyOptions): Source {
  const limits = { ...manifest.limits, concurrency: manifest.limits.concurrency + otherRequests };
  const headers = { authorization: `Bearer ${token}` };
  const client = createHttpClient({ name: manifest.name, baseUrl, limits, headers });
  const api = createApi(client, limits);
  const spending = createSpending((request) => api.get(booksPath, {}, request), options.monthlyUsd);
  const { concurrency, queue } = manifest.limits;
  const { usdPerResult, patience, reach } = options;
  const run = createRunner(api, spending, { ...patience, usdPerResult, concurrency, queue });
  const requests = { instagram: createInstagram(run, reach), tiktok: createTiktok(run, reach) };
  let closing: Promise<void> | undefined;
  return {
    name: manifest.name,
    platforms: manifest.platforms,
    isSandbox: false,
    idSpace: manifest.idSpace,
    fetchProfile: (ref, request) => requests[ref.platform].fetchProfile(ref, request),
    fetchPosts: (ref, cursor, request) => requests[ref.platform].fetchPosts(ref, cursor, request),
    fetchPost: (ref, request) => requests[ref.platform].fetchPost(ref, request),
    close() {
      closing ??= client.close();
      return closing;
    },
  };
}
