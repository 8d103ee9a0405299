import { Type } from 'typebox';
import { nullable, oneOf, PlatformName, SoughtText, Uuid } from './conventions.ts';

/** Everything that is tracked, by a part of its name or caption. Contract §5.6. */

export const defaultSearchLimit = 10;
const Cap = Type.Integer({ description: 'How many this section shows at most' });
const Text = nullable(Type.String());

export const searchQuery = Type.Object({
  q: SoughtText(
    "Part of a username, a creator's name or a caption, in any letter case: up to 128 characters without the blanks around them. Blank: nothing is found",
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 25, default: defaultSearchLimit, description: 'For each section' }),
  ),
});

export const SearchResults = Type.Object(
  {
    accounts: Type.Array(
      Type.Object({ id: Uuid, platform: PlatformName, username: Type.String(), display_name: Text }),
    ),
    creators: Type.Array(Type.Object({ id: Uuid, name: Type.String() })),
    videos: Type.Array(
      Type.Object({
        id: Uuid,
        type: oneOf(['account_video', 'video']),
        platform: PlatformName,
        caption: Text,
        account_id: nullable(Uuid),
        account_username: Text,
      }),
    ),
  },
  { title: 'SearchResults' },
);

export const SearchMeta = Type.Object(
  {
    query: Type.String({ description: 'As sent' }),
    limit_per_section: Type.Integer(),
    effective_caps: Type.Object({ accounts: Cap, creators: Cap, videos: Cap }),
  },
  { title: 'SearchMeta' },
);
