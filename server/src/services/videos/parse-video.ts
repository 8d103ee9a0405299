import { type FieldError, invalid } from '../../contract/problem.ts';
import type { Metadata } from '../../database/columns.ts';
import type { Platform } from '../../sources/source.ts';
import { defaultScrapeIntervalHours } from '../schedule.ts';
import { parseIdentifier, type PostIdentity } from './parse-identifier.ts';

const maxIdentifierLength = 512;

export interface NewVideo {
  platform: Platform;
  /** Full URL, Instagram shortcode or id, as a person typed it. */
  identifier: string;
  metadata?: Metadata | null | undefined;
  is_active?: boolean | null | undefined;
  scrape_interval_hours?: number | null | undefined;
}

/** The video as it is to be stored. */
export interface ParsedVideo extends PostIdentity {
  platform: Platform;
  metadata: Metadata | null;
  isActive: boolean;
  scrapeIntervalHours: number;
}

/** Absent means unchanged; null clears metadata, and means unchanged elsewhere (contract v2 §2.1). */
export interface VideoChanges {
  is_active?: boolean | null | undefined;
  scrape_interval_hours?: number | null | undefined;
  metadata?: Metadata | null | undefined;
}

/** What is wrong with a new video beyond its schema. Takes what the schema refused too. */
export function newVideoProblems({ platform, identifier }: Record<string, unknown>): FieldError[] {
  const isKnown = platform === 'instagram' || platform === 'tiktok';
  if (!isKnown || typeof identifier !== 'string') return [];
  // The schema names the bounds; to read a number of a million digits takes its time.
  if (identifier === '' || identifier.length > maxIdentifierLength) return [];
  const parsed = parseIdentifier(platform, identifier);
  return 'error' in parsed ? [parsed.error] : [];
}

export function parseNewVideo(input: NewVideo): ParsedVideo {
  const parsed = parseIdentifier(input.platform, input.identifier);
  if ('error' in parsed) throw invalid([parsed.error]);
  return {
    ...parsed.post,
    platform: input.platform,
    metadata: input.metadata ?? null,
    isActive: input.is_active ?? true,
    scrapeIntervalHours: input.scrape_interval_hours ?? defaultScrapeIntervalHours,
  };
}

export function parseVideoChanges(input: VideoChanges): VideoChanges {
  if (Object.keys(input).length === 0) throw invalid([{ field: 'body', message: 'must have at least one member' }]);
  return input;
}
