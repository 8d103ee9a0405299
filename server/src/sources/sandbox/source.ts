import { createScrapecreators } from '../scrapecreators/connector.ts';
import type { Manifest } from '../manifest.ts';
import type { Source } from '../source.ts';
import { handleHeader, timeHeader } from './server.ts';

export interface SandboxOptions {
  manifest: Manifest;
  baseUrl: string;
  onClose?: () => Promise<void>;
}

/** The real ScrapeCreators connector, pointed at a sandbox server and telling it what time it is. */
export function createSandboxSource({ manifest, baseUrl, onClose }: SandboxOptions): Source {
  return createScrapecreators({
    manifest,
    baseUrl,
    key: 'sandbox',
    isSandbox: true,
    extraHeaders: (subject, { now }) => ({
      [timeHeader]: now.toISOString(),
      ...(subject.username !== null && { [handleHeader]: subject.username }),
    }),
    ...(onClose && { onClose }),
  });
}
