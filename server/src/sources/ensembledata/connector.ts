import { createDailyAllowance } from '../daily-allowance.ts';
import { createHttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import type { Source } from '../source.ts';
import { createApi } from './api.ts';
import { createInstagram } from './instagram.ts';
import { createTiktok } from './tiktok.ts';

export interface EnsembledataOptions {
  manifest: Manifest;
  baseUrl: string;
  token: string;
  /** Of one UTC day; infinite: what the plan has. */
  dailyUnits: number;
}

export function createEnsembledata({ manifest, baseUrl, token, dailyUnits }: EnsembledataOptions): Source {
  const { name, limits } = manifest;
  const client = createHttpClient({ name, baseUrl, limits, headers: {} });
  const api = createApi(client, limits, token, createDailyAllowance(dailyUnits, 'units'));
  const requests = { instagram: createInstagram(api), tiktok: createTiktok(api) };
  let closing: Promise<void> | undefined;
  return {
    name,
    platforms: manifest.platforms,
    isSandbox: false,
    idSpace: manifest.idSpace,
    fetchProfile: (ref, options) => requests[ref.platform].fetchProfile(ref, options),
    fetchPosts: (ref, cursor, options) => requests[ref.platform].fetchPosts(ref, cursor, options),
    fetchPost: (ref, options) => requests[ref.platform].fetchPost(ref, options),
    close() {
      closing ??= client.close();
      return closing;
    },
  };
}
