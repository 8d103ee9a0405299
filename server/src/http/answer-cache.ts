import { LRUCache } from 'lru-cache';

/** A 200 as it goes out: bytes, validator, and the relative addresses of its Link header. */
export interface Answer {
  body: Buffer;
  etag: string;
  contentType: string;
  links: { first: string; next: string | null } | null;
}

export interface AnswerCache {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
}

const entryOverheadBytes = 300;
const nothing: AnswerCache = { get: () => undefined, set: () => undefined };

/** Answers by organization, data version, UTC day and URL: a write changes the version, so nothing here is ever stale. */
export function createAnswerCache(maxBytes: number): AnswerCache {
  if (maxBytes === 0) return nothing;
  return new LRUCache<string, Answer>({
    maxSize: maxBytes,
    maxEntrySize: Math.ceil(maxBytes / 8),
    sizeCalculation: (answer, key) => answer.body.length + key.length + entryOverheadBytes,
  });
}
