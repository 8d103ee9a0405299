import { createDailyAllowance } from '../daily-allowance.ts';
import { createHttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import { createSameRefresh } from '../same-refresh.ts';
import type { Source } from '../source.ts';
import { createAsk } from '../tiktok-open/api.ts';
import { createTokenKeeper, requestToken } from '../tiktok-open/token.ts';
import { within } from './quota.ts';
import { createRequests } from './requests.ts';

export interface TiktokResearchOptions {
  manifest: Manifest;
  baseUrl: string;
  clientKey: string;
  clientSecret: string;
  /** Of the quota that all collaborators share, what this server may use. */
  dailyRequests: number;
}

/** TikTok's Research API: exact public counters, for approved research. */
export function createTiktokResearch(options: TiktokResearchOptions): Source {
  const { manifest, baseUrl, clientKey, clientSecret } = options;
  const { name, limits } = manifest;
  const client = createHttpClient({ name, baseUrl, limits, headers: {} });
  const form = { client_key: clientKey, client_secret: clientSecret, grant_type: 'client_credentials' };
  const tokens = createTokenKeeper((request) => requestToken(client, form, request));
  const allowance = createDailyAllowance(options.dailyRequests, 'requests');
  const requests = createRequests(within(allowance, createAsk(client, limits, tokens)), createSameRefresh());
  let closing: Promise<void> | undefined;
  return {
    name,
    platforms: manifest.platforms,
    isSandbox: false,
    idSpace: manifest.idSpace,
    ...requests,
    close() {
      closing ??= client.close();
      return closing;
    },
  };
}
