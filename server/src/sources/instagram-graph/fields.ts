/** What is asked for. A field the API does not know fails the whole request (#100), so there is a smaller set that always works. */
export interface Wanted {
  documented: readonly string[];
  /** Without these an answer is of no use; the permalink alone holds the media id that other sources know. */
  minimal: readonly string[];
}

export const profileFields: Wanted = {
  documented: [
    'id',
    'username',
    'name',
    'biography',
    'website',
    'followers_count',
    'follows_count',
    'media_count',
    'profile_picture_url',
  ],
  minimal: ['id', 'username', 'followers_count', 'media_count'],
};

export const mediaFields: Wanted = {
  documented: [
    'id',
    'caption',
    'comments_count',
    'like_count',
    'view_count',
    'media_type',
    'media_product_type',
    'media_url',
    'thumbnail_url',
    'permalink',
    'timestamp',
  ],
  minimal: ['id', 'comments_count', 'like_count', 'permalink', 'timestamp'],
};

const pageSize = 50;

export function profileExpansion(username: string, asked: readonly string[]): string {
  return `business_discovery.username(${username}){${asked.join()}}`;
}

/** The cursor goes inside the expansion; there is no `next` address. media_count tells an empty feed from one that is not shown. */
export function mediaExpansion(username: string, cursor: string | null, asked: readonly string[]): string {
  const after = cursor === null ? '' : `.after(${cursor})`;
  const media = `media.limit(${pageSize})${after}{${asked.join()}}`;
  return `business_discovery.username(${username}){username,media_count,${media}}`;
}

/** Names and cursors stand inside the fields language: anything but their own characters could rewrite the request. */
export const isUsername = (username: string): boolean => /^[a-z0-9._]{1,30}$/.test(username);
export const isCursor = (cursor: string): boolean => /^[\w=+/-]{1,1000}$/.test(cursor);
