import { type FieldError, invalid } from '../../contract/problem.ts';
import type { Metadata } from '../../database/columns.ts';
import type { Platform } from '../../sources/source.ts';
import { defaultScrapeIntervalHours } from '../schedule.ts';
import { parseHandle } from './parse-handle.ts';

export interface NewAccount {
  platform: Platform;
  /** A handle or the profile's URL, as a person typed it. */
  username: string;
  creator_id?: string | null | undefined;
  category?: string | null | undefined;
  metadata?: Metadata | null | undefined;
  scrape_interval_hours?: number | null | undefined;
}

/** The account as it is to be stored. */
export interface ParsedAccount {
  platform: Platform;
  username: string;
  creatorId: string | null;
  category: string | null;
  metadata: Metadata | null;
  scrapeIntervalHours: number;
}

/** What is wrong with a new account beyond its schema. Takes what the schema refused too. */
export function newAccountProblems({ platform, username }: Record<string, unknown>): FieldError[] {
  const isKnown = platform === 'instagram' || platform === 'tiktok';
  if (!isKnown || typeof username !== 'string' || parseHandle(platform, username) !== null) return [];
  return [usernameProblem(platform)];
}

export function parseNewAccount(input: NewAccount): ParsedAccount {
  const username = parseHandle(input.platform, input.username);
  if (username === null) throw invalid([usernameProblem(input.platform)]);
  return {
    platform: input.platform,
    username,
    creatorId: input.creator_id ?? null,
    category: input.category ?? null,
    metadata: input.metadata ?? null,
    scrapeIntervalHours: input.scrape_interval_hours ?? defaultScrapeIntervalHours,
  };
}

function usernameProblem(platform: Platform): FieldError {
  const name = platform === 'instagram' ? 'an Instagram' : 'a TikTok';
  return { field: 'username', message: `must be ${name} handle or profile URL` };
}
