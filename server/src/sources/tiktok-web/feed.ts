import { fields, list } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, ok } from '../outcome.ts';
import { type Normalised, toPage } from '../payloads/normalised.ts';
import { tiktokStatus } from '../payloads/tiktok-status.ts';
import { tiktokWebItem } from '../payloads/tiktok-web-item.ts';
import { describe, readJson } from '../read-answer.ts';
import type { PostPage, Result } from '../source.ts';
import { readTiktok } from './page.ts';

/** Where a feed goes on: posts of this moment and older. */
export interface Position {
  secUid: string;
  beforeMs: number;
}

const secUidForm = /^[\w-]{20,200}$/;
export const isSecUid = (value: string | null): value is string => value !== null && secUidForm.test(value);

export function readPosition(cursor: string): Position | null {
  const [secUid = '', beforeMs = ''] = cursor.split(':');
  return isSecUid(secUid) && /^\d{12,14}$/.test(beforeMs) ? { secUid, beforeMs: Number(beforeMs) } : null;
}

const weekMs = 7 * 86_400_000;
/** Before TikTok there is nothing, whatever an answer announces. */
const earliestMs = Date.UTC(2016, 8, 1);

export interface Feed {
  page: PostPage;
  /** The page stands still: it holds nothing of the time that was asked for. */
  isStuck: boolean;
}

/** A page of `itemList`. An empty one says that nothing was posted for about a week, not that nothing is left. */
export function readFeed(answer: Answer, { secUid, beforeMs }: Position, nowMs: number): Result<Feed> {
  const body = readTiktok(answer, nowMs);
  if (!body.ok) return body;
  const json = readJson(answer);
  if (!json.ok) return json;
  const reply = fields(json.value);
  const status = reply?.statusCode ?? reply?.status_code;
  if (typeof status === 'number' && status !== 0) {
    return failed(tiktokStatus(status), describe(answer, `statusCode ${status}`));
  }
  const held = reply !== null && 'itemList' in reply ? reply.itemList : undefined;
  const items = held === null ? [] : list(held);
  // Without posts, the list may be left out altogether.
  if (items === null && reply?.hasMorePrevious === undefined) {
    return failed('upstream_changed', describe(answer, 'no itemList'));
  }
  const posts = (items ?? []).map(tiktokWebItem);
  const times = posts.flatMap((item) => timeOf(item) ?? []);
  // Pinned posts are older than their place.
  const oldestMs = posts.flatMap((item) => ('post' in item && !item.post.isPinned ? (timeOf(item) ?? []) : [])).at(-1);
  const nextMs = oldestMs === undefined || oldestMs >= beforeMs ? beforeMs - weekMs : oldestMs;
  const isMore = reply?.hasMorePrevious === true && nextMs > earliestMs;
  return ok({
    page: toPage(posts, { isMore, cursor: isMore ? `${secUid}:${nextMs}` : null }),
    isStuck: times.length > 0 && times.every((time) => time > beforeMs),
  });
}

function timeOf(item: Normalised): number | null {
  return 'post' in item ? (item.post.createTime?.getTime() ?? null) : null;
}
