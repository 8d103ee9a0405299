import { Type } from 'typebox';
import { Count, DateTime, Metadata, nullable, oneOf, type SortSpec, SoughtText, Uuid } from './conventions.ts';

/** Creators and their links to accounts. Contract §4.4, §4.5 and §5.3. */

export const AccountsSummary = Type.Object({
  total: Count,
  platforms: Type.Object(
    { instagram: Type.Optional(Count), tiktok: Type.Optional(Count) },
    { description: 'Accounts per platform; only platforms with an account' },
  ),
  total_followers: Count,
});

export const Creator = Type.Object(
  {
    id: Uuid,
    type: oneOf(['creator']),
    name: Type.String(),
    is_active: Type.Boolean({ description: 'false = paused, archived' }),
    metadata: nullable(Metadata),
    accounts_summary: AccountsSummary,
  },
  { title: 'Creator' },
);

export const CreatorAccountLink = Type.Object(
  { type: oneOf(['creator_account_link']), creator_id: Uuid, account_id: Uuid, linked_at: DateTime },
  { title: 'CreatorAccountLink' },
);

const Name = Type.String({ minLength: 1, maxLength: 255 });

export const NewCreator = Type.Object(
  {
    name: Name,
    is_active: Type.Optional(Type.Boolean({ default: true })),
    metadata: Type.Optional(nullable(Metadata)),
  },
  { title: 'NewCreator' },
);

export const CreatorChanges = Type.Object(
  {
    name: Type.Optional(nullable(Name)),
    is_active: Type.Optional(nullable(Type.Boolean())),
    metadata: Type.Optional(nullable(Metadata)),
  },
  { title: 'CreatorChanges', additionalProperties: false, minProperties: 1 },
);

export const creatorSort = { keys: ['name'], defaultKey: 'name', defaultDirection: 'asc' } as const satisfies SortSpec;

export const creatorFilters = {
  is_active: Type.Optional(Type.Boolean({ description: 'Absent = both' })),
  q: Type.Optional(
    SoughtText('Part of the name: up to 128 characters without the blanks around them. Blank: no filter'),
  ),
};
