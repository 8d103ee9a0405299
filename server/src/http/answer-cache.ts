import { LRUCache } from 'lru-cache';

/** A 200 as it goes out: bytes, validator, and the relative addresses of its Link header. */
export interface Answer {
  body: Buffer;
  etag: string;
  contentType: string;
  links: { first: string; next: string | null } | null;
}

export type AnswerCache = LRUCache<string, Answer>;

const entryOverheadBytes = 300;

/** With 0 bytes nothing is kept: lru-cache takes 0 for "no bound". */
const nothing = { max: 1, maxSize: 1, maxEntrySize: 1 };

/** Answers by organization, data version, UTC day and URL: a write changes the version, so nothing here is ever stale. */
export function createAnswerCache(maxBytes: number): AnswerCache {
  return new LRUCache<string, Answer>({
    ...(maxBytes === 0 ? nothing : { maxSize: maxBytes, maxEntrySize: Math.ceil(maxBytes / 8) }),
    sizeCalculation: (answer, key) => answer.body.length + key.length + entryOverheadBytes,
  });
}
