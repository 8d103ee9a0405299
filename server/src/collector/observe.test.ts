import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../test/support/logger.ts';
import { noCounters, observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { createSources } from '../sources/create.ts';
import type { Failure, Platform, Source } from '../sources/source.ts';
import { observe, type Reach } from './observe.ts';

const reach: Reach = { maxPosts: null, lookbackDays: null, maxPages: 10 };
const before = { now: new Date('2026-11-01T00:00:00Z') };
const after = { now: new Date('2026-11-08T00:00:00Z') };
const ref = (platform: Platform, username: string) => ({ platform, username, ids: {} });

let sandbox: Source;

beforeAll(async () => {
  const [source] = await createSources([{ name: 'sandbox', values: {} }], { logger: silentLogger });
  if (source === undefined) throw new Error('no sandbox');
  sandbox = source;
});

afterAll(() => sandbox.close());

const failing = (code: Failure['code']): Source => ({
  name: code,
  platforms: ['instagram', 'tiktok'],
  isSandbox: false,
  idSpace: 'platform',
  fetchProfile: async () => ({ ok: false, failure: { code, message: code } }),
  fetchPosts: async () => ({ ok: false, failure: { code, message: code } }),
  close: async () => undefined,
});

describe('observe', () => {
  it.each(['instagram', 'tiktok'] as const)(
    'reads the posts of a renamed account under its new name: %s',
    async (platform) => {
      const known = ref(platform, 'renamed20261105_observed');
      const first = await observe([sandbox], known, reach, before);
      if (!first.ok) throw new Error(first.failure.message);
      const { ids } = first.value;
      expect(ids).toEqual({ sandbox: first.value.profile.platformProfileId });
      const second = await observe([sandbox], { ...known, ids }, reach, after);
      expect(second).toMatchObject({ ok: true, value: { ids, incomplete: null } });
      expect(second.ok && second.value.posts.length).toBeGreaterThan(0);
    },
  );

  it('asks each source by the id of its own space, and tells the spaces apart', async () => {
    const asked: (string | null)[] = [];
    const inSpace = (name: string, idSpace: string): Source => {
      const source = scriptedSource(name);
      source.script.profile = observedProfile({ platformProfileId: '7', sourceProfileId: '17841' });
      return {
        ...source,
        idSpace,
        fetchProfile: (wanted, options) => {
          asked.push(wanted.platformProfileId);
          return source.fetchProfile(wanted, options);
        },
      };
    };
    const known = { ...ref('instagram', 'someone'), ids: { platform: '1', sandbox: '2' } };
    const seen = await observe([inSpace('graph', 'platform')], known, reach, before);
    expect(seen).toMatchObject({ value: { ids: { platform: '7', graph: '17841' } } });
    for (const space of ['sandbox', 'another']) await observe([inSpace('made_up', space)], known, reach, before);
    expect(asked).toEqual(['1', '2', null]);
  });

  it('believes not_found only when every source says so', async () => {
    const someone = ref('instagram', 'someone');
    const [missing, away] = [failing('not_found'), failing('transient')];
    expect(await observe([missing, sandbox], someone, reach, before)).toMatchObject({
      ok: true,
      value: { source: 'sandbox' },
    });
    expect(await observe([missing, away], someone, reach, before)).toMatchObject({ failure: { code: 'transient' } });
    expect(await observe([missing, missing], someone, reach, before)).toMatchObject({ failure: { code: 'not_found' } });
  });

  it('asks nobody else about a private profile', async () => {
    const result = await observe([failing('private'), sandbox], ref('tiktok', 'someone'), reach, before);
    expect(result).toMatchObject({ failure: { code: 'private' } });
  });

  it('takes likes for unknown when the profile hides them, whatever stands in their place', async () => {
    const source = scriptedSource();
    const counters = { viewCount: 40, playCount: 40, likeCount: 3, fbLikeCount: 3, commentCount: 5 };
    source.script.posts = [
      observedPost('1', counters),
      observedPost('2', { viewCount: 0, playCount: 0, likeCount: 3 }),
    ];
    const countersSeen = async () => {
      const seen = await observe([source], ref('instagram', 'someone'), reach, before);
      return seen.ok ? seen.value.posts.map((post) => post.counters) : [];
    };
    expect((await countersSeen())[0]).toMatchObject(counters);
    source.script.profile = observedProfile({ hidesCounts: true });
    expect(await countersSeen()).toEqual([
      { ...noCounters, viewCount: 40, playCount: 40, commentCount: 5 },
      noCounters,
    ]);
  });

  it('keeps likes unknown when an earlier answer said that they are hidden and this one does not say', async () => {
    const source = scriptedSource();
    source.script.posts = [observedPost('1', { viewCount: 40, likeCount: 3 })];
    const likesSeen = async (said: { hidesCounts?: boolean }) => {
      source.script.profile = observedProfile(said);
      const hidden = { ...ref('instagram', 'someone'), hidesCounts: true };
      const seen = await observe([source], hidden, reach, before);
      return seen.ok ? seen.value.posts[0]?.counters.likeCount : 'failed';
    };
    expect(await likesSeen({})).toBeNull();
    expect(await likesSeen({ hidesCounts: false })).toBe(3);
  });
});
