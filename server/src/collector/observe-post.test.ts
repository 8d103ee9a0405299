import { describe, expect, it } from 'vitest';
import { observedPost, scriptedSource } from '../../test/support/scripted-source.ts';
import type { Failure, Source } from '../sources/source.ts';
import { observePost } from './observe-post.ts';

const options = { now: new Date('2026-03-02T09:00:00Z') };
const published = { createTime: new Date('2026-03-01T00:00:00Z') };
const wanted = {
  platform: 'instagram',
  externalId: '1',
  shortcode: null,
  authorUsername: 'someone',
  authorIds: {},
  knownIgPlays: null,
} as const;

const author = { platformProfileId: '1', username: 'someone' };
const failing = (code: Failure['code']): Source => ({
  ...scriptedSource(code),
  fetchPost: async () => ({ ok: false, failure: { code, message: code } }),
});

/** A source whose answer about a single post lacks the plays on Instagram alone that its feed shows. */
function poorer() {
  const source = scriptedSource();
  const rich = observedPost('1', { viewCount: 80, playCount: 80, igPlayCount: 80 }, published);
  source.script.single = { post: observedPost('1', { viewCount: 105, playCount: 105 }, published), author };
  source.script.posts = [rich];
  return { source, rich };
}

describe('a post on its own', () => {
  it('is read from the first source that can fetch single posts, and believed gone when all of them say so', async () => {
    const { fetchPost: _, ...graph } = scriptedSource('graph');
    const gone = failing('removed_post');
    const found = scriptedSource('found');
    found.script.posts = [observedPost('1', { viewCount: 5 })];
    const outcome = async (...sources: Source[]) => {
      const seen = await observePost(sources, wanted, options);
      return seen.ok ? seen.value.source : seen.failure.code;
    };
    expect(await outcome(graph, gone, found)).toBe('found');
    expect(await outcome(gone, failing('not_found'))).toBe('removed_post');
    expect(await outcome(gone, failing('transient'))).toBe('transient');
    expect(await outcome(failing('private'), found)).toBe('private');
    expect(await outcome(graph)).toBe('permission_missing');
  });

  it('is looked for in its author’s feed when the answer cannot continue its series, and only then', async () => {
    const { source, rich } = poorer();
    const countsOf = async (knownIgPlays: number | null) => {
      const seen = await observePost([source], { ...wanted, knownIgPlays }, options);
      return seen.ok ? seen.value.post.counters : seen.failure;
    };
    expect(await countsOf(null)).toMatchObject({ viewCount: 105, igPlayCount: null });
    expect(await countsOf(70)).toEqual(rich.counters);
  });

  it('is looked for among the latest posts: not beyond its own time, nor page after page', async () => {
    const { source } = poorer();
    const pages: (string | null)[] = [];
    const { fetchPosts } = source;
    source.fetchPosts = (ref, cursor, given) => {
      pages.push(cursor);
      return fetchPosts(ref, cursor, given);
    };
    source.script.pageSize = 1;
    const others = (createTime: string) =>
      Array.from({ length: 9 }, (_, i) => observedPost(`1${i}`, {}, { createTime: new Date(createTime) }));
    for (const [time, asked] of [
      ['2026-03-02T00:00:00Z', 3],
      ['2026-02-01T00:00:00Z', 1],
    ] as const) {
      pages.length = 0;
      source.script.posts = others(time);
      const seen = await observePost([source], { ...wanted, knownIgPlays: 70 }, options);
      expect(seen).toMatchObject({ ok: true, value: { post: { counters: { viewCount: 105 } } } });
      expect(pages).toHaveLength(asked);
    }
  });

  it('keeps the answer about itself when the feed cannot be read', async () => {
    const { source } = poorer();
    source.script.failingPage = { page: 0, failure: { code: 'private', message: 'private' } };
    const seen = await observePost([source], { ...wanted, knownIgPlays: 70 }, options);
    expect(seen).toMatchObject({ ok: true, value: { post: { counters: { viewCount: 105 } } } });
  });
});
