import { newId } from '../../src/database/ids.ts';

/** What an id names. `post` is any of the two kinds of posts; the last two are internal ids. */
export type Kind = 'account' | 'creator' | 'video' | 'account_video' | 'post' | 'instagram_post' | 'tiktok_post';
export type Whose = 'own' | 'foreign' | 'deleted' | 'unknown';

const kindOfMember: Record<string, Kind> = {
  account_id: 'account',
  account_ids: 'account',
  creator_id: 'creator',
  video_id: 'video',
  video_ids: 'post',
  account_video_id: 'account_video',
  instagram_post_ids: 'instagram_post',
  tiktok_video_ids: 'tiktok_post',
};

export const kindOf = (member: string): Kind | null => kindOfMember[member] ?? null;

/** An id that is chosen when the request is sent: what exists then depends on the requests before. */
export class IdRef {
  readonly kind: Kind;
  readonly whose: Whose;
  readonly at: number;
  readonly isUpperCase: boolean;

  constructor(kind: Kind, whose: Whose, at: number, isUpperCase: boolean) {
    this.kind = kind;
    this.whose = whose;
    this.at = at;
    this.isUpperCase = isUpperCase;
  }
}

type Id = string | number;
export interface Chosen {
  id: Id;
  /** Whether the key's organization has it. */
  exists: boolean;
}

/** Ids that answers have named so far. */
export class KnownIds {
  readonly #ids: Record<Exclude<Whose, 'unknown'>, Map<Kind, Set<Id>>> = {
    own: new Map(),
    foreign: new Map(),
    deleted: new Map(),
  };
  /** Links that exist now, as `creator account`. */
  readonly links = new Set<string>();

  add(whose: Exclude<Whose, 'unknown'>, kind: Kind, id: Id): void {
    const ids = this.#ids[whose].get(kind) ?? new Set<Id>();
    this.#ids[whose].set(kind, ids.add(id));
    if (kind === 'video' || kind === 'account_video') this.add(whose, 'post', id);
  }

  remove(kind: Kind, id: Id): void {
    this.#ids.own.get(kind)?.delete(id);
    if (kind === 'video' || kind === 'account_video') this.#ids.own.get('post')?.delete(id);
    this.add('deleted', kind, id);
  }

  count(kind: Kind): number {
    return this.#ids.own.get(kind)?.size ?? 0;
  }

  all(kind: Kind): Id[] {
    return [...(this.#ids.own.get(kind) ?? [])];
  }

  choose({ kind, whose, at, isUpperCase }: IdRef): Chosen {
    const ids = whose === 'unknown' ? [] : [...(this.#ids[whose].get(kind) ?? [])];
    const found = ids[at % Math.max(1, ids.length)];
    if (found === undefined) return { id: isInternal(kind) ? 2 ** 53 - 1 - (at % 1000) : newId(), exists: false };
    const id = typeof found === 'string' && isUpperCase ? found.toUpperCase() : found;
    return { id, exists: whose === 'own' };
  }
}

const isInternal = (kind: Kind): boolean => kind === 'instagram_post' || kind === 'tiktok_post';
