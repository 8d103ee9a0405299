import { isoDates, timeParser } from '../../collector/import/parse-time.ts';
import { invalid } from '../../contract/problem.ts';
import { describeRefusal, oneLine } from '../../services/refused-readings/describe-refusal.ts';
import { listRefusedReadings, type RefusedReading } from '../../services/refused-readings/list-refused-readings.ts';
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
export async function listRefused({ since, limit, ...filters }: RefusedOptions, output: Output): Promise<void> {
  const from = since === undefined ? {} : { since: timeOf(since) };
  const { platform, username, source, reason } = filters;
  await withRuntime({ command: 'refused list', role: 'command' }, async (runtime) => {
    const { items, next } = await listRefusedReadings(operatorContext(runtime, 'refused list'), {
      limit,
      after: null,
      filters: {
        ...(platform !== undefined && { platform }),
        ...(username !== undefined && { username }),
        ...(source !== undefined && { source }),
        ...(reason !== undefined && { reason }),
        ...from,
      },
    });
    const more = next === null ? [] : [`The latest ${limit} are shown; --limit shows more.`];
    const lines = items.length === 0 ? ['Nothing is kept that was refused'] : [...listed(items), ...more];
    output.result({ refused: items.map(refusedJson), has_more: next !== null }, lines);
  });
}

function timeOf(text: string): Date {
  const parsed = timeParser(isoDates)(text);
  if (parsed !== null) return parsed.at;
  throw invalid([{ field: 'since', message: 'must be a time such as 2026-03-01 or 2026-03-01T08:00:00Z' }]);
}

const listed = (items: readonly RefusedReading[]): string[] =>
  table(
    ['WHEN (UTC)', 'PROFILE', 'POST', 'SOURCE', 'WHY', 'WHAT'],
    items.map(({ refusedAt, platform, username, externalId, source, reason, excerpt }) => [
      refusedAt.toISOString().slice(0, 19).replace('T', ' '),
      platform === null ? 'not known any more' : `${platform} @${username}`,
      oneLine(externalId ?? '-'),
      source,
      oneLine(reason),
      describeRefusal(reason, excerpt),
    ]),
  );

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
