import type { Platform } from '../../sources/source.ts';

export const levelFields = ['follower_count', 'following_count', 'profile_post_count'] as const;
export const counterFields = [
  'view_count',
  'play_count',
  'like_count',
  'comment_count',
  'share_count',
  'saved_count',
] as const;
export const numberFields = [...levelFields, ...counterFields] as const;

/** What a file may say, under the names of its columns unless a mapping says otherwise. */
export const fields = [
  'platform',
  'username',
  'external_id',
  'read_at',
  'create_time',
  'caption',
  ...numberFields,
] as const;

export type NumberField = (typeof numberFields)[number];
export type Field = (typeof fields)[number];

export const isField = (name: string): name is Field => (fields as readonly string[]).includes(name);
export const isNumberField = (name: string): name is NumberField => (numberFields as readonly string[]).includes(name);

/** What is wrong with a line of the file, and what to do about it. */
export interface RowProblem {
  /** 1 is the first line of the file. */
  line: number;
  field: string;
  /** As the file has it, cut where it is long. */
  value: string;
  message: string;
}

/** One reading of the file: of a post, or of a profile when `externalId` is null. null = unknown. */
export interface FileReading {
  line: number;
  platform: Platform;
  username: string;
  externalId: string | null;
  readAt: Date;
  /** In the order of `numberFields`. */
  numbers: readonly (number | null)[];
  createTime: Date | null;
  caption: string | null;
}

/** Stands in `external_id` for all posts of a profile together: totals of a profile whose posts nobody wrote down. */
export const allPosts = '*';
const totalPrefix = 'total-';
/** What such totals are kept under: no platform's id, and another one for every profile. */
export const totalId = (username: string): string => `${totalPrefix}${username}`;
export const totalPattern: string = `${totalPrefix}%`;
