import type { Day } from './columns.ts';

type Sums = Record<'views' | 'plays' | 'likes' | 'comments' | 'shares', number>;

/** What to add to the gains of all holders of a post on a day, so that the organization counts it once. */
export interface SharedPostDaysTable extends Sums {
  organization_id: string;
  platform: 'instagram' | 'tiktok';
  external_id: string;
  day: Day;
  saves: number;
}

/** How far an organization's days are settled; null = not at all. */
export interface OrganizationBooksTable {
  organization_id: string;
  settled_through: Day | null;
  spanned_on: Day | null;
}

/** A settled day: sums, and how many accounts and videos gave each. */
export interface OrganizationDaysTable extends Sums {
  organization_id: string;
  day: Day;
  holders_read: number;
  views_known: number;
  plays_known: number;
  likes_known: number;
  comments_known: number;
  shares_known: number;
  saves: number;
  saves_known: number;
  step: number;
  step_known: number;
  posts_found: number;
}

/** What an account gained in the settled part of a window. */
export interface AccountSpansTable extends Sums {
  organization_id: string;
  spanned_on: Day;
  days: number;
  account_id: string;
  followers_gained: number;
  followers: number | null;
}
