import type { Api } from '../support/api.ts';
import type { ApiOperation } from './document.ts';
import type { Kind, KnownIds } from './known-ids.ts';
import type { Sent } from './send.ts';

/** Keeps the known ids true after writes, and never lets them run out. */

const floor = 6;
let made = 0;

const makers: Partial<Record<Kind, (api: Api) => Promise<{ id: string }>>> = {
  account: async (api) => api.post('/accounts', { platform: 'tiktok', username: `again_${(made += 1)}` }),
  creator: async (api) => api.post('/creators', { name: `Again ${(made += 1)}` }),
  video: async (api) =>
    api.post('/videos', { platform: 'tiktok', identifier: String(7_000_000_000_000_000n + BigInt((made += 1))) }),
};

const kindOfDeletion: Record<string, Kind> = {
  delete_account: 'account',
  delete_creator: 'creator',
  delete_video: 'video',
};
const kindOfCreation: Record<string, Kind> = {
  create_account: 'account',
  create_creator: 'creator',
  create_video: 'video',
};

/** Before a deletion: as many as are needed to go on. */
export async function replenish(operation: ApiOperation, api: Api, ids: KnownIds): Promise<void> {
  const kind = kindOfDeletion[operation.id];
  if (kind !== undefined && ids.count(kind) <= floor) ids.add('own', kind, (await makers[kind]?.(api))?.id ?? '');
  if (operation.id !== 'unlink_creator_account' || ids.links.size > 0) return;
  const [creator, account] = [await makers.creator?.(api), await makers.account?.(api)];
  ids.add('own', 'creator', creator?.id ?? '');
  ids.add('own', 'account', account?.id ?? '');
  await api.put(`/creators/${creator?.id}/accounts/${account?.id}`);
  ids.links.add(`${creator?.id} ${account?.id}`);
}

export async function rememberOutcome(operation: ApiOperation, sent: Sent, ids: KnownIds, api: Api): Promise<void> {
  if (sent.response.statusCode >= 300) return;
  const created = kindOfCreation[operation.id];
  if (created !== undefined) ids.add('own', created, sent.response.json().data.id);
  const params = Object.fromEntries(Object.entries(sent.params).map(([name, id]) => [name, id.toLowerCase()]));
  const deleted = kindOfDeletion[operation.id];
  if (deleted !== undefined) {
    const [id = ''] = Object.values(params);
    ids.remove(deleted, id);
    for (const link of ids.links) if (link.includes(id)) ids.links.delete(link);
    if (deleted === 'account') await forgetPosts(ids, api);
  }
  rememberLink(operation, params, sent, ids);
}

function rememberLink(operation: ApiOperation, params: Record<string, string>, sent: Sent, ids: KnownIds): void {
  const pair = `${params.creator_id} ${params.account_id}`;
  if (operation.id === 'link_creator_account') ids.links.add(pair);
  if (operation.id === 'unlink_creator_account') ids.links.delete(pair);
  if (operation.id !== 'update_account' && operation.id !== 'create_account') return;
  const account = sent.response.json().data as { id: string; creator_id: string | null };
  for (const link of ids.links) if (link.endsWith(account.id)) ids.links.delete(link);
  if (account.creator_id !== null) ids.links.add(`${account.creator_id} ${account.id}`);
}

/** The posts of a deleted account are gone with it. */
export async function forgetPosts(ids: KnownIds, api: Api): Promise<void> {
  const left = new Set((await api.walk('/account-videos?limit=200')).map((post) => String(post.id)));
  for (const id of ids.all('account_video')) if (!left.has(String(id))) ids.remove('account_video', id);
}
