import { type Fields, fieldsAt, list, text } from '../fields.ts';
import { createHttpClient, type HttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import { failed, ok } from '../outcome.ts';
import { toPage } from '../payloads/normalised.ts';
import type { ObservedProfile, PostPage, ProfileRef, RequestOptions, Result, Source } from '../source.ts';
import { type GraphResult, readGraphReply, toResult } from './errors.ts';
import { type FieldSet, isCursor, isUsername, mediaExpansion, profileExpansion } from './fields.ts';
import { graphItem, graphProfile } from './normalise.ts';
import { pauseAfter, readUsage } from './usage.ts';

export interface InstagramGraphOptions {
  manifest: Manifest;
  baseUrl: string;
  /** `v26.0`: calls without a version go to the oldest one alive. */
  version: string;
  /** The caller's own professional account. */
  userId: string;
  token: string;
}

type Expansion = (set: FieldSet) => string;

/** Business Discovery: public counters of other professional accounts, by the official API. */
export function createInstagramGraph(options: InstagramGraphOptions): Source {
  const { manifest, baseUrl } = options;
  // In a header, not in the address: addresses end up in logs.
  const headers = { authorization: `Bearer ${options.token}` };
  const client = createHttpClient({ name: manifest.name, baseUrl, limits: manifest.limits, headers });
  const discover = createDiscover(client, `/${options.version}/${options.userId}`);
  let closing: Promise<void> | undefined;
  return {
    name: manifest.name,
    platforms: manifest.platforms,
    isSandbox: false,
    idSpace: manifest.idSpace,
    fetchProfile: (ref, requestOptions) => fetchProfile(discover, ref, requestOptions),
    fetchPosts: (ref, cursor, requestOptions) => fetchPosts(discover, ref, cursor, requestOptions),
    close() {
      closing ??= client.close();
      return closing;
    },
  };
}

type Discover = (expansion: Expansion, options: RequestOptions) => Promise<Result<Fields>>;

/** One request; two when the API refuses a field, and from then on the smaller set at once. */
function createDiscover(client: HttpClient, path: string): Discover {
  let set: FieldSet = 'documented';
  const ask = async (expansion: Expansion, options: RequestOptions, asked: FieldSet): Promise<GraphResult> => {
    const answer = await client.get({ path, query: { fields: expansion(asked) }, signal: options.signal });
    if (!answer.ok) return { ...answer, isFieldRefused: false };
    const usage = readUsage(answer.value);
    const reply = readGraphReply(answer.value, options.now.getTime());
    if (reply.ok || reply.failure.code !== 'rate_limited') {
      client.pause(pauseAfter(usage));
      return reply;
    }
    const retryAfterMs = reply.failure.retryAfterMs ?? pauseAfter({ percent: 100, regainMs: usage.regainMs });
    client.pause(retryAfterMs);
    return { ...reply, failure: { ...reply.failure, retryAfterMs } };
  };
  return async (expansion, options) => {
    const first = await ask(expansion, options, set);
    if (first.ok || !first.isFieldRefused || set === 'minimal') return toResult(first);
    const second = await ask(expansion, options, 'minimal');
    if (second.ok) set = 'minimal';
    return toResult(second);
  };
}

async function fetchProfile(
  discover: Discover,
  ref: ProfileRef,
  options: RequestOptions,
): Promise<Result<ObservedProfile>> {
  if (!isUsername(ref.username)) return failed('not_found', `${ref.username} is not an Instagram username`);
  const reply = await discover((set) => profileExpansion(ref.username, set), options);
  if (!reply.ok) return reply;
  const discovery = fieldsAt(reply.value, 'business_discovery');
  const profile = discovery === null ? null : graphProfile(discovery, ref.username);
  return profile === null ? failed('upstream_changed', `no follower count of ${ref.username}`) : ok(profile);
}

async function fetchPosts(
  discover: Discover,
  ref: ProfileRef,
  cursor: string | null,
  options: RequestOptions,
): Promise<Result<PostPage>> {
  if (!isUsername(ref.username)) return failed('not_found', `${ref.username} is not an Instagram username`);
  if (cursor !== null && !isCursor(cursor)) return failed('upstream_changed', 'the cursor has unknown characters');
  const reply = await discover((set) => mediaExpansion(ref.username, cursor, set), options);
  if (!reply.ok) return reply;
  const discovery = fieldsAt(reply.value, 'business_discovery');
  if (discovery === null) return failed('upstream_changed', 'no business_discovery');
  // A profile without posts has no media edge at all.
  const items = 'media' in discovery ? list(fieldsAt(discovery, 'media')?.data) : [];
  if (items === null) return failed('upstream_changed', 'media without data');
  const after = text(fieldsAt(discovery, 'media', 'paging', 'cursors')?.after);
  const isMore = items.length > 0 && after !== null;
  return ok(toPage(items.map(graphItem), { isMore, cursor: after }));
}
