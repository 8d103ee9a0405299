import type { Logger } from 'pino';
import { required, type Values, withLimits } from '../setting-values.ts';
import type { Source } from '../source.ts';
import { createTiktokDisplay } from './connector.ts';
import { tiktokDisplayManifest } from './manifest.ts';

export function createTiktokDisplayFrom(values: Values, logger: Logger): Source {
  const manifest = withLimits(tiktokDisplayManifest, values);
  const { name } = manifest;
  const onRotated = () =>
    logger.warn(
      { source: name },
      'the refresh token was replaced: the one in the configuration may not serve after a restart',
    );
  return createTiktokDisplay({
    manifest,
    baseUrl: values.url ?? manifest.defaultUrl,
    grant: {
      clientKey: required(name, 'client_key', values),
      clientSecret: required(name, 'client_secret', values),
      accessToken: values.access_token ?? null,
      refreshToken: required(name, 'refresh_token', values),
      onRotated,
    },
  });
}
