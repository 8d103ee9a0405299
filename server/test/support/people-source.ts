import type { ObservedPost, Source } from '../../src/sources/source.ts';
import { observedPost, observedProfile, scriptedSource } from './scripted-source.ts';

/** Somebody on the platform, by whatever name at the moment. */
export interface Person {
  id: string;
  name: string;
  followers: number;
  /** Views of the one post that each of them has. */
  views: number;
}

/**
 * A platform whose people are renamed and take each other's names while a test runs. Asked by id it answers by id, as long
 * as the person is there; `onFetch` runs before each answer.
 */
export function peopleSource(people: Person[], onFetch: (username: string) => Promise<void> = async () => {}): Source {
  const find = ({ username, platformProfileId }: { username: string; platformProfileId: string | null }) =>
    people.find((person) => (platformProfileId === null ? person.name === username : person.id === platformProfileId));
  return {
    ...scriptedSource('people'),
    fetchProfile: async (ref) => {
      await onFetch(ref.username);
      const person = find(ref);
      if (person === undefined) return { ok: false, failure: { code: 'not_found', message: 'nobody' } };
      const { id, name, followers } = person;
      const value = { platformProfileId: id, username: name, ...observedProfile({ followerCount: followers }) };
      return { ok: true, value };
    },
    fetchPost: async (ref) => {
      const person = people.find((candidate) => postOf(candidate).externalId === ref.externalId);
      if (person === undefined) return { ok: false, failure: { code: 'removed_post', message: 'nobody wrote it' } };
      const { id, name } = person;
      return { ok: true, value: { post: postOf(person), author: { platformProfileId: id, username: name } } };
    },
    fetchPosts: async (ref) => {
      const person = find(ref);
      return {
        ok: true,
        value: { posts: person === undefined ? [] : [postOf(person)], refused: [], nextCursor: null },
      };
    },
  };
}

const postOf = ({ id, views }: Person): ObservedPost =>
  observedPost(`${id}00`, { viewCount: views, likeCount: views }, { createTime: new Date('2026-01-10T00:00:00Z') });
