import { text } from '../fields.ts';
import type { HttpClient } from '../http-client.ts';
import { createTokenKeeper, type IssuedToken, requestToken, type TokenKeeper } from '../tiktok-open/token.ts';

/** What a creator has given: the app may read in their name until they take it back. */
export interface Grant {
  clientKey: string;
  clientSecret: string;
  /** null: the refresh token gets one. */
  accessToken: string | null;
  refreshToken: string;
  /** The refresh token was replaced; whoever keeps the first one should know. */
  onRotated: () => void;
}

/** An access token lasts a day, a refresh token a year; each renewal may bring a new one of both. */
export function createGrantKeeper(client: HttpClient, grant: Grant): TokenKeeper {
  let { refreshToken } = grant;
  // When the first one expires is not known: it serves until it is refused.
  const first: IssuedToken | null =
    grant.accessToken === null
      ? null
      : { accessToken: grant.accessToken, expiresAtMs: Number.POSITIVE_INFINITY, reply: {} };
  return createTokenKeeper(async (options) => {
    const form = {
      client_key: grant.clientKey,
      client_secret: grant.clientSecret,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    };
    const issued = await requestToken(client, form, options);
    const next = issued.ok ? text(issued.value.reply.refresh_token) : null;
    if (next !== null && next !== refreshToken) {
      refreshToken = next;
      grant.onRotated();
    }
    return issued;
  }, first);
}
