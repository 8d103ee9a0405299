import { planDays } from '../metrics/collection-plan.ts';
import type { LimitUse, Plan, PlannedSource, PlanRow } from '../metrics/plan-of-sources.ts';
import type { Tracked } from '../services/plan/read-tracked.ts';
import { table } from './output.ts';

/** A plan for a person: what it comes to, the table, the limits, and what was assumed. */
export function planLines(plan: Plan, tracked: Tracked, assumptions: readonly string[]): string[] {
  const { profiles, posts } = tracked;
  if (profiles.length + posts.length === 0) return ['Nothing is tracked: nothing is spent'];
  return [
    `${counted(profiles.length, 'profile')} and ${counted(posts.length, 'single post')}: ${whole(plan.total.requests)} requests in ${planDays} days, ${cost(plan)}`,
    '',
    ...table(['SOURCE', 'PLATFORM', 'READS', 'ASKED', 'REFRESHES', 'REQUESTS', 'UNITS', 'COST'], plan.rows.map(cells)),
    ...section('Limits', [...plan.limits.filter(({ part }) => part !== 0).map(limitLine), ...unreadLines(plan)]),
    ...section('Assumed', assumptions),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `- ${line}`)];

const cells = ({ source, unit, platform, read, isFirst, count, load }: PlanRow): string[] => [
  source,
  platform,
  read === 'profiles' ? counted(count, 'profile') : counted(count, 'single post'),
  isFirst ? 'first' : 'stands in',
  whole(load.refreshes),
  whole(load.requests),
  unit === 'free' ? '-' : counted(load.units, unit),
  usd(load.usd),
];

function cost({ total }: Plan): string {
  if (total.usd !== null) return usd(total.usd);
  return total.knownUsd > 0 ? `${usd(total.knownUsd)} and what is of unknown price` : 'of unknown price';
}

function limitLine({ source, limit, part }: LimitUse): string {
  const { of, amount, per } = limit;
  const span =
    of === 'usd' ? `${usd(amount)} a ${per}` : `${whole(amount)} ${of} ${per === 'hour' ? 'an' : 'a'} ${per}`;
  if (part === null) return `${source}: ${span}; how much of it is used up depends on a price that is unknown`;
  const used = `${source}: ${percent(part)} of ${span}`;
  return part <= 1 ? used : `${used}: EXCEEDED. What is beyond it goes to the next source, or comes late`;
}

const unreadLines = ({ unread }: Plan): string[] =>
  unread.map(({ platform, read, count }) => {
    const what = counted(count, read === 'profiles' ? 'profile' : 'single post');
    return `${platform}: ${what} that no configured source reads`;
  });

/** What the plan takes for granted, as far as it matters for this one. */
export function assumptionsOf(
  sources: readonly PlannedSource[],
  { profiles, posts }: Tracked,
  { rows }: Plan,
  maxPages: number,
): string[] {
  const unknown = profiles.filter((profile) => profile.posts === null).length;
  const gone = [...profiles, ...posts].filter(({ isUnavailable }) => isUnavailable).length;
  const priced = new Set(rows.map(({ source }) => source));
  return [
    `${planDays} days; each refresh comes up to 5 % before its interval ends, as they do`,
    'the first source of a platform answers everything; a source that stands in is priced as if it had to answer everything, and is no part of the sum',
    'no request fails, is repeated or asks for a profile under another name; no account is added, and none is posting more',
    `a refresh reads as far back as those who track the profile look, at most ${whole(maxPages)} pages`,
    ...(posts.some(({ platform }) => platform === 'instagram') ? [singlePosts] : []),
    ...(unknown === 0 ? [] : [`${counted(unknown, 'profile')} not read yet: one page of posts each`]),
    ...(gone === 0 ? [] : [`${whole(gone)} out of reach: one request each, twice a day or more often`]),
    ...sources
      .filter(({ name, unit }) => priced.has(name) && unit !== 'free')
      .map(({ name, note, platforms }) => `${name}: ${priceOf(platforms)}. ${note}`),
  ];
}

const singlePosts =
  'one request for each single post; on Instagram up to 3 pages of its author’s feed come on top where the answer lacks the plays that its series is made of';

function priceOf(platforms: PlannedSource['platforms']): string {
  const [price] = platforms.values();
  const perUnit = price?.usdPerUnit ?? null;
  return perUnit === null ? 'price unknown, --price says it' : `$${perUnit} each`;
}

/** Up to the next whole number, but for what is left of calculating with fractions. */
const ceiled = (amount: number): number => Math.max(0, Math.ceil(amount - 1e-6));
const whole = (count: number): string => Math.ceil(count).toLocaleString('en-US');
const counted = (count: number, one: string): string => `${whole(count)} ${one}${count === 1 ? '' : 's'}`;
const percent = (part: number): string =>
  `${part > 0 && part < 0.01 ? 'less than 1' : ceiled(part * 100).toLocaleString('en-US')} %`;

/** Rounded up to whole cents. */
const usd = (amount: number | null): string =>
  amount === null
    ? 'unknown'
    : `$${(ceiled(amount * 100) / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
