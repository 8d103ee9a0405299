import { counter, fieldsAt, list, text } from '../fields.ts';
import { createHttpClient } from '../http-client.ts';
import type { Manifest } from '../manifest.ts';
import { failed, ok } from '../outcome.ts';
import { toPage } from '../payloads/normalised.ts';
import type { ObservedProfile, PostPage, ProfileRef, RequestOptions, Result, Source } from '../source.ts';
import { createAsk, createDiscover, type Discover } from './discover.ts';
import { isCursor, isUsername, mediaExpansion, mediaFields, profileExpansion, profileFields } from './fields.ts';
import { graphItem, graphProfile } from './normalise.ts';

export interface InstagramGraphOptions {
  manifest: Manifest;
  baseUrl: string;
  /** `v26.0`: calls without a version go to the oldest one alive. */
  version: string;
  /** The caller's own professional account. */
  userId: string;
  token: string;
}

/** Business Discovery: public counters of other professional accounts, by the official API. */
export function createInstagramGraph(options: InstagramGraphOptions): Source {
  const { manifest, baseUrl } = options;
  // In a header, not in the address: addresses end up in logs.
  const headers = { authorization: `Bearer ${options.token}` };
  const client = createHttpClient({ name: manifest.name, baseUrl, limits: manifest.limits, headers });
  const ask = createAsk(client, `/${options.version}/${options.userId}`);
  const [discoverProfile, discoverMedia] = [createDiscover(ask, profileFields), createDiscover(ask, mediaFields)];
  let closing: Promise<void> | undefined;
  return {
    name: manifest.name,
    platforms: manifest.platforms,
    isSandbox: false,
    idSpace: manifest.idSpace,
    fetchProfile: (ref, requestOptions) => fetchProfile(discoverProfile, ref, requestOptions),
    fetchPosts: (ref, cursor, requestOptions) => fetchPosts(discoverMedia, ref, cursor, requestOptions),
    close() {
      closing ??= client.close();
      return closing;
    },
  };
}

async function fetchProfile(
  discover: Discover,
  ref: ProfileRef,
  options: RequestOptions,
): Promise<Result<ObservedProfile>> {
  if (!isUsername(ref.username)) return failed('not_found', `${ref.username} is not an Instagram username`);
  const reply = await discover((asked) => profileExpansion(ref.username, asked), options);
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
  const reply = await discover((asked) => mediaExpansion(ref.username, cursor, asked), options);
  if (!reply.ok) return reply;
  const discovery = fieldsAt(reply.value, 'business_discovery');
  if (discovery === null) return failed('upstream_changed', 'no business_discovery');
  // The API leaves out an edge without content: there are no posts, or none after the cursor.
  const items = 'media' in discovery ? list(fieldsAt(discovery, 'media')?.data) : [];
  if (items === null) return failed('upstream_changed', 'media without data');
  const postCount = counter(discovery.media_count);
  if (cursor === null && items.length === 0 && postCount !== 0) {
    return failed('upstream_changed', `no media of ${ref.username}, but its media_count is ${postCount ?? 'missing'}`);
  }
  const after = text(fieldsAt(discovery, 'media', 'paging', 'cursors')?.after);
  const isMore = items.length > 0 && after !== null;
  return ok(toPage(items.map(graphItem), { isMore, cursor: after }));
}
