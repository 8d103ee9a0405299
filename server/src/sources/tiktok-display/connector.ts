import { createHttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import type { Source } from '../source.ts';
import { createAsk } from '../tiktok-open/api.ts';
import { createGrantKeeper, type Grant } from './grant.ts';
import { createRequests } from './requests.ts';

export interface TiktokDisplayOptions {
  manifest: Manifest;
  baseUrl: string;
  grant: Grant;
}

/** TikTok's Display API: the account of the one creator who has connected it. */
export function createTiktokDisplay({ manifest, baseUrl, grant }: TiktokDisplayOptions): Source {
  const { name, limits } = manifest;
  const client = createHttpClient({ name, baseUrl, limits, headers: {} });
  const requests = createRequests(createAsk(client, limits, createGrantKeeper(client, grant)));
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
