import { type FieldError, invalid } from '../../contract/problem.ts';
import type { Metadata } from '../../database/columns.ts';

export interface NewCreator {
  name: string;
  is_active?: boolean | null | undefined;
  metadata?: Metadata | null | undefined;
}

/** Absent means unchanged; null clears metadata, and means unchanged elsewhere. */
export interface CreatorChanges {
  name?: string | null | undefined;
  is_active?: boolean | null | undefined;
  metadata?: Metadata | null | undefined;
}

/** What is wrong with a new creator, or with changes of one, beyond the schema. Takes what the schema refused too. */
export function creatorProblems({ name }: Record<string, unknown>): FieldError[] {
  return typeof name === 'string' && name.trim() === '' ? [{ field: 'name', message: 'must not be blank' }] : [];
}

/** The creator as it is to be stored. */
export function parseNewCreator(input: NewCreator): { name: string; isActive: boolean; metadata: Metadata | null } {
  const problems = creatorProblems({ ...input });
  if (problems.length > 0) throw invalid(problems);
  return { name: input.name.trim(), isActive: input.is_active ?? true, metadata: input.metadata ?? null };
}

export function parseCreatorChanges(input: CreatorChanges): CreatorChanges {
  const problems = creatorProblems({ ...input });
  if (problems.length > 0) throw invalid(problems);
  return typeof input.name === 'string' ? { ...input, name: input.name.trim() } : input;
}
