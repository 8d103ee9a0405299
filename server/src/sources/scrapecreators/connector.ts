import { createHttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import type { Source } from '../source.ts';
import { createApi, type ExtraHeaders } from './api.ts';
import { createInstagram } from './instagram.ts';
import { createTiktok } from './tiktok.ts';

export interface ScrapecreatorsOptions {
  manifest: Manifest;
  baseUrl: string;
  key: string;
  isSandbox: boolean;
  extraHeaders?: ExtraHeaders;
  /** Runs after the last connection is closed. */
  onClose?: () => Promise<void>;
}

/** ScrapeCreators, or whoever speaks its wire format. */
export function createScrapecreators(options: ScrapecreatorsOptions): Source {
  const { manifest, baseUrl, isSandbox } = options;
  const client = createHttpClient({
    name: manifest.name,
    baseUrl,
    limits: manifest.limits,
    headers: { 'x-api-key': options.key },
  });
  const api = createApi(client, manifest.limits, options.extraHeaders ?? (() => ({})));
  const requests = { instagram: createInstagram(api), tiktok: createTiktok(api) };
  let closing: Promise<void> | undefined;
  return {
    name: manifest.name,
    platforms: manifest.platforms,
    isSandbox,
    idSpace: manifest.idSpace,
    fetchProfile: (ref, requestOptions) => requests[ref.platform].fetchProfile(ref, requestOptions),
    fetchPosts: (ref, cursor, requestOptions) => requests[ref.platform].fetchPosts(ref, cursor, requestOptions),
    fetchPost: (ref, requestOptions) => requests[ref.platform].fetchPost(ref, requestOptions),
    close() {
      closing ??= client.close().then(options.onClose);
      return closing;
    },
  };
}
