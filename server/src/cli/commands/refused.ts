import { isoDates, timeParser } from '../../collector/import/parse-time.ts';
import { invalid } from '../../contract/problem.ts';
import { describeRefusal, oneLine } from '../../services/refused-readings/describe-refusal.ts';
import { judgeRefusedReadings } from '../../services/refused-readings/judge-refused-readings.ts';
import {
  listRefusedReadings,
  type RefusedFilters,
  type RefusedReading,
} from '../../services/refused-readings/list-refused-readings.ts';
import type { Verdict } from '../../services/refused-readings/verdict.ts';
import type { Platform } from '../../sources/source.ts';
import { type Output, table } from '../output.ts';
import { operatorContext, withRuntime } from '../runtime.ts';

export interface RefusedOptions {
  platform?: Platform;
  username?: string;
  source?: string;
  reason?: string;
  since?: string;
  limit: number;
}

/** Lists what was not believed: when, whose, from which source, why, and what it was. */
export async function listRefused(options: RefusedOptions, output: Output): Promise<void> {
  const request = requestOf(options);
  await withRuntime({ command: 'refused list', role: 'command' }, async (runtime) => {
    const { items, next } = await listRefusedReadings(operatorContext(runtime, 'refused list'), request);
    const lines = listed(items, []);
    output.result({ refused: items.map(refusedJson), has_more: next !== null }, [...lines, ...moreLine(options, next)]);
  });
}

const verdicts: Record<Verdict, string> = {
  came_true: 'came true: what was read next agrees',
  contradicted: 'wrong: what was read next contradicts it',
  open: 'open: nothing was read since that could tell',
  stands: 'stands: refused for what it is',
};

/** The same, judged again by what has been read since. */
export async function judgeRefused(options: RefusedOptions, output: Output): Promise<void> {
  const request = requestOf(options);
  await withRuntime({ command: 'refused judge', role: 'command' }, async (runtime) => {
    const { items, next } = await judgeRefusedReadings(operatorContext(runtime, 'refused judge'), request);
    const lines = listed(items, ['TODAY'], ({ verdict }) => [verdicts[verdict]]);
    const refused = items.map((item) => ({ ...refusedJson(item), verdict: item.verdict }));
    output.result({ refused, has_more: next !== null }, [...lines, ...moreLine(options, next)]);
  });
}

function requestOf({ since, limit, platform, username, source, reason }: RefusedOptions) {
  const filters: RefusedFilters = {
    ...(platform !== undefined && { platform }),
    ...(username !== undefined && { username }),
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since: timeOf(since) }),
  };
  return { limit, after: null, filters };
}

const moreLine = ({ limit }: RefusedOptions, next: unknown): string[] =>
  next === null ? [] : [`The latest ${limit} are shown; --limit shows more.`];

function timeOf(text: string): Date {
  const parsed = timeParser(isoDates)(text);
  if (parsed !== null) return parsed.at;
  throw invalid([{ field: 'since', message: 'must be a time such as 2026-03-01 or 2026-03-01T08:00:00Z' }]);
}

function listed<Item extends RefusedReading>(
  items: readonly Item[],
  titles: readonly string[],
  more: (item: Item) => string[] = () => [],
): string[] {
  if (items.length === 0) return ['Nothing is kept that was refused'];
  const rows = items.map((item) => [
    item.refusedAt.toISOString().slice(0, 19).replace('T', ' '),
    item.platform === null ? 'not known any more' : `${item.platform} @${item.username}`,
    oneLine(item.externalId ?? '-'),
    item.source,
    oneLine(item.reason),
    describeRefusal(item.reason, item.excerpt),
    ...more(item),
  ]);
  return table(['WHEN (UTC)', 'PROFILE', 'POST', 'SOURCE', 'WHY', 'WHAT', ...titles], rows);
}

const refusedJson = ({ id, refusedAt, platform, username, externalId, source, reason, excerpt }: RefusedReading) => ({
  id,
  refused_at: refusedAt.toISOString(),
  platform,
  username,
  external_id: externalId,
  source,
  reason,
  what: describeRefusal(reason, excerpt),
  excerpt,
});
