import { counter, type Fields, fields, fieldsAt, wholeNumber } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, type FailureCode, ok } from '../outcome.ts';
import { tiktokStatus } from '../payloads/tiktok-status.ts';
import { describe, header } from '../read-answer.ts';
import type { Result } from '../source.ts';
import { isWall, readPage, scriptJson } from '../web/page.ts';

/** The part of a page that its script is filled with: `webapp.user-detail`, `webapp.video-detail`. */
export function readDetail(
  answer: Answer,
  name: string,
  nowMs: number,
  ofStatus: (code: number) => FailureCode = tiktokStatus,
): Result<Fields> {
  const page = readTiktok(answer, nowMs);
  if (!page.ok) return page;
  const data = scriptJson(page.value, '__UNIVERSAL_DATA_FOR_REHYDRATION__');
  if (data === null) {
    const code = isWall(page.value) ? 'challenge' : 'upstream_changed';
    return failed(code, describe(answer, 'is a page without its data'));
  }
  const detail = fieldsAt(data, '__DEFAULT_SCOPE__', name);
  if (detail === null) return failed('upstream_changed', describe(answer, `no ${name}`));
  const status = wholeNumber(detail.statusCode);
  if (status === null || status === 0) return ok(detail);
  return failed(ofStatus(status), describe(answer, `statusCode ${status}`));
}

/** A captcha shows in a header, wherever it stands in for something else. */
export function readTiktok(answer: Answer, nowMs: number): Result<string> {
  if (header(answer, 'bdturing-verify') !== null) return failed('challenge', describe(answer, 'wants a captcha'));
  return readPage(answer, nowMs);
}

const shown = ['followerCount', 'followingCount', 'videoCount', 'heartCount'] as const;

/** A profile whose counts are all 0 beside an id is how a page looks that was not filled. */
export function isUnfilled(userInfo: Fields): boolean {
  const families = [fields(userInfo.statsV2), fields(userInfo.stats)];
  return shown.every((key) => families.every((family) => (counter(family?.[key]) ?? 0) === 0));
}
