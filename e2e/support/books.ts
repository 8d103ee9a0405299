import type { Acceptance, Item } from './acceptance.ts';
import type { FixturePost, FixtureProfile } from './fixture-vendor.ts';

/** An account as a client adds it; its id. */
export async function addAccount(
  { api }: Acceptance,
  platform: FixtureProfile['platform'],
  username: string,
  rest: object = {},
  apiKey?: string,
): Promise<string> {
  const { status, body } = await api(apiKey).send('POST', '/accounts', { platform, username, ...rest });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.data.id;
}

export async function addCreator(
  { api }: Acceptance,
  name: string,
  accountIds: readonly string[] = [],
): Promise<string> {
  const { body } = await api().send('POST', '/creators', { name });
  for (const id of accountIds) await api().send('PUT', `/creators/${body.data.id}/accounts/${id}`);
  return body.data.id;
}

/** Posts of one profile, published two days apart from `firstDay` on, newest first. */
export function fixturePosts(count: number, firstDay: string, views: (index: number) => number): FixturePost[] {
  const first = Date.parse(`${firstDay}T08:00:00Z`);
  return Array.from({ length: count }, (_, index) => ({
    id: String(7_490_000_000_000_000_000n + BigInt(index)),
    createTime: new Date(first + index * 2 * 86_400_000).toISOString(),
    views: views(index),
    likes: Math.floor(views(index) / 10),
    comments: index,
    shares: 1,
  })).toReversed();
}

export const sum = (items: readonly Item[], member: string): number =>
  items.reduce((total: number, item: Item) => total + (item[member] ?? 0), 0);

export const fieldsOf = (body: Item): string[] => (body.errors ?? []).map(({ field }: Item) => field);
