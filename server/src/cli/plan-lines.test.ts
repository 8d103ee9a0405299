import { describe, expect, it } from 'vitest';
import type { Plan, PlanRow } from '../metrics/plan-of-sources.ts';
import { assumptionsOf, planLines } from './plan-lines.ts';

const profile = {
  platform: 'tiktok' as const,
  intervalHours: 24,
  isUnavailable: false,
  posts: 1,
  recentPosts: null,
  maxPosts: null,
  oldestDays: null,
};
const tracked = { profiles: [profile], posts: [] };

const row = (rest: Partial<PlanRow> = {}): PlanRow => ({
  source: 'paid',
  unit: 'result',
  platform: 'tiktok',
  read: 'profiles',
  isFirst: true,
  count: 1,
  load: { refreshes: 31, requests: 1234, units: 5678, usd: 0.001 },
  ...rest,
});

const planned = (rest: Partial<Plan> = {}): Plan => ({
  rows: [row()],
  limits: [],
  total: { requests: 1234, usd: 0.001, knownUsd: 0.001 },
  unread: [],
  ...rest,
});

const linesOf = (plan: Plan): string => planLines(plan, tracked, []).join('\n');

describe('a plan for a person', () => {
  it('rounds money up to whole cents, and shows nothing as nothing', () => {
    expect(linesOf(planned())).toContain('1 profile and 0 single posts: 1,234 requests in 30 days, $0.01');
    expect(linesOf(planned())).toMatch(/^paid +tiktok +1 profile +first +31 +1,234 +5,678 results +\$0\.01$/m);
    expect(linesOf(planned({ total: { requests: 1, usd: 0, knownUsd: 0 } }))).toContain('30 days, $0.00');
    expect(linesOf(planned({ total: { requests: 1, usd: 0.1 + 0.2, knownUsd: 0.3 } }))).toContain('30 days, $0.30');
  });

  it('never shows an unknown cost as 0', () => {
    const unknown = planned({
      rows: [row({ load: { refreshes: 1, requests: 1, units: 1, usd: null } })],
      total: { requests: 1, usd: null, knownUsd: 2 },
    });
    expect(linesOf(unknown)).toContain('$2.00 and what is of unknown price');
    expect(linesOf(unknown)).toMatch(/unknown$/m);
    expect(linesOf(planned({ total: { requests: 1, usd: null, knownUsd: 0 } }))).toContain('of unknown price');
  });

  it('says which limits are exceeded, and what nobody reads', () => {
    const limit = { of: 'requests', amount: 200, per: 'hour' } as const;
    const lines = linesOf(
      planned({
        limits: [
          { source: 'a', limit, part: 1 },
          { source: 'b', limit, part: 1.001 },
          { source: 'c', limit, part: 0.001 },
          { source: 'd', limit, part: 0 },
          { source: 'e', limit: { of: 'usd', amount: 5, per: 'month' }, part: null },
        ],
        unread: [{ platform: 'instagram', read: 'posts', count: 2 }],
      }),
    ).split('\n');
    expect(lines).toContain('- a: 100 % of 200 requests an hour');
    expect(lines).toContain(
      '- b: 101 % of 200 requests an hour: EXCEEDED. What is beyond it goes to the next source, or comes late',
    );
    expect(lines).toContain('- c: less than 1 % of 200 requests an hour');
    expect(lines.join('\n')).not.toContain('- d:');
    expect(lines).toContain('- e: $5.00 a month; how much of it is used up depends on a price that is unknown');
    expect(lines).toContain('- instagram: 2 single posts that no configured source reads');
  });

  it('says when nothing is tracked', () => {
    expect(planLines(planned(), { profiles: [], posts: [] }, [])).toEqual(['Nothing is tracked: nothing is spent']);
  });

  it('names only assumptions that matter', () => {
    const gone = { ...profile, posts: null, isUnavailable: true };
    const text = (profiles: (typeof gone | typeof profile)[]) =>
      assumptionsOf([], { profiles, posts: [] }, planned(), 100).join('\n');
    expect(text([profile])).not.toMatch(/not read yet|out of reach/);
    const post = { platform: 'instagram' as const, intervalHours: 24, isUnavailable: false };
    expect(assumptionsOf([], { profiles: [], posts: [post] }, planned(), 100).join('\n')).toContain('up to 3 pages');
    expect(text([profile])).not.toContain('up to 3 pages');
    expect(text([profile, gone])).toMatch(/1 profile not read yet[^]*1 out of reach/);
  });
});
