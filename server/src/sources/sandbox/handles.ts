/** Which handles mean something. Every other handle is a public creator. Documented in docs/sources/sandbox.md. */

export type Visibility = 'public' | 'private' | 'missing';

export interface Handle {
  /** Who it is, under whatever name: every number is drawn from this. */
  identity: string;
  /** The name the platform writes at that time. */
  current: string;
  visibility: Visibility;
  hasNoPosts: boolean;
  hidesLikes: boolean;
  isViral: boolean;
}

const renamed = /^(now_)?(renamed(\d{8})?.*)$/;

/** What a handle leads to at a time. */
export function readHandle(written: string, timeMs: number): Handle {
  const handle = written.toLowerCase();
  const plain: Handle = {
    identity: handle,
    current: handle,
    visibility: visibilityOf(handle),
    hasNoPosts: handle.startsWith('empty'),
    hidesLikes: handle.startsWith('hidden_likes'),
    isViral: handle.startsWith('viral'),
  };
  const [, isNewName, oldName, day] = renamed.exec(handle) ?? [];
  if (oldName === undefined) return plain;
  const newName = `now_${oldName}`;
  // Without a day the platform forwards the old name; with one, only one of the two names exists at a time.
  if (day === undefined) return { ...plain, identity: oldName, current: newName };
  const isRenamed = timeMs >= renameTime(day);
  const isThisName = isRenamed === (isNewName !== undefined);
  return { ...plain, identity: oldName, current: handle, visibility: isThisName ? 'public' : 'missing' };
}

/** The name that an identity bears at a time, for those who ask by id. */
export function currentName(identity: string, timeMs: number): string {
  const newName = readHandle(`now_${identity}`, timeMs);
  const isRenamed = renamed.test(identity) && newName.visibility === 'public';
  return isRenamed ? newName.current : identity;
}

function visibilityOf(handle: string): Visibility {
  if (handle.startsWith('missing') || handle.startsWith('not_found')) return 'missing';
  return handle.startsWith('private') ? 'private' : 'public';
}

function renameTime(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6, 8)));
}
