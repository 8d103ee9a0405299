import type { Source } from './source.ts';

/** One platform's half of the connector. */
export type PlatformRequests = Required<Pick<Source, 'fetchProfile' | 'fetchPosts' | 'fetchPost'>>;
