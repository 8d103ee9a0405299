import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { checkedInject } from '../support/contract.ts';
import type { ApiOperation } from './document.ts';
import type { Members } from './groups.ts';
import { IdRef, type KnownIds } from './known-ids.ts';
import type { Draft } from './requests.ts';

/** A request as it was sent, and what of it decides between 2xx and 404. */
export interface Sent {
  url: string;
  params: Record<string, string>;
  body: unknown;
  options: InjectOptions;
  /** An id in the path, or the one creator of a body, is not the organization's. */
  isMissing: boolean;
  response: LightMyRequestResponse;
}

// Fastify takes a slash or an empty segment for another path, which is not what is asked here.
const encode = (value: unknown): string => encodeURIComponent(String(value).toWellFormed());
const encodeSegment = (value: string): string =>
  encode(value)
    .replaceAll('%2F', '_')
    .replace(/^\.{0,2}$/, '_');

/** Chooses the ids of a draft and sends it; the answer must be one of the served document. */
export async function send(
  app: FastifyInstance,
  operation: ApiOperation,
  draft: Draft,
  ids: KnownIds,
  authorization: string,
): Promise<Sent> {
  const { params, isMissing } = chooseParams(operation, draft, ids);
  const url = `/v2${operation.path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => encodeSegment(params[name] ?? ''))}${search(draft.query, ids)}`;
  const body = chosen(draft.body, ids);
  const creator = (draft.body as Members | undefined)?.creator_id;
  const isCreatorMissing = creator instanceof IdRef && !ids.choose(creator).exists;
  const options: InjectOptions = {
    method: operation.method,
    url,
    headers: { authorization, ...draft.headers },
    ...(body === undefined ? {} : { payload: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  };
  if (body !== undefined) options.headers = { 'content-type': 'application/json', ...options.headers };
  const response = await checkedInject(app, options);
  return { url, params, body, options, isMissing: isMissing || isCreatorMissing, response };
}

function chooseParams(
  operation: ApiOperation,
  draft: Draft,
  ids: KnownIds,
): { params: Record<string, string>; isMissing: boolean } {
  const params: Record<string, string> = {};
  let isMissing = false;
  for (const [name, value] of Object.entries(draft.params)) {
    const choice = value instanceof IdRef ? ids.choose(value) : { id: value, exists: true };
    params[name] = String(choice.id);
    isMissing ||= !choice.exists;
  }
  // Two ids at random are hardly ever a pair.
  const [linked] = ids.links;
  if (
    operation.id === 'unlink_creator_account' &&
    !isMissing &&
    draft.expect.kind === 'valid' &&
    linked !== undefined
  ) {
    const [creator = '', account = ''] = linked.split(' ');
    return { params: { creator_id: creator, account_id: account }, isMissing };
  }
  return { params, isMissing };
}

function search(query: Members, ids: KnownIds): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => `${name}=${encode(chosen(one, ids))}`);
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function chosen(value: unknown, ids: KnownIds): unknown {
  if (value instanceof IdRef) return ids.choose(value).id;
  if (Array.isArray(value)) return value.map((item) => chosen(item, ids));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  const changed = Object.entries(value).map(([name, member]) => [name, chosen(member, ids)]);
  return Object.fromEntries(changed);
}
