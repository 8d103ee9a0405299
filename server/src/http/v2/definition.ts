import type { Static, TObject, TProperties, TSchema } from 'typebox';
import type { ErrorCode, FieldError } from '../../contract/problem.ts';
import type { Context } from '../../services/context.ts';
import type { Session } from '../../services/keys/open-sessions.ts';

type Fields = TObject<TProperties>;
export type Tag = 'Accounts' | 'Videos' | 'Creators' | 'Analytics' | 'Overview' | 'Search' | 'System';

/** One operation of the API: everything that validation, serialisation and the OpenAPI document need. */
export interface Definition<P extends Fields = Fields, Q extends Fields = Fields, B extends Fields = Fields> {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /v2, ids in colons: `/accounts/:account_id`. */
  path: string;
  tag: Tag;
  scope: 'read' | 'write' | 'none';
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  success: 200 | 201 | 204;
  /** A second success status: PUT link repeats with 200. */
  alsoOk?: 200;
  /** Schema of the success body. */
  response?: TSchema;
  /** What can go wrong beyond the general failures and what params, query and body imply. */
  errors: readonly ErrorCode[];
  /** Honours Idempotency-Key. */
  idempotent?: boolean;
  /** Semantic 422s. Runs even if the schema found errors, so values may be missing or of the wrong type. `organizationId` is '' without a key. */
  validate?: (raw: RawInput, now: Date, organizationId: string) => FieldError[];
  /** False when the answer depends on more than the organization's data, the UTC day and the URL. */
  cache?: false;
  /** Content type of an answer that is not JSON, such as /docs. Exempt from Accept. */
  produces?: string;
  /** Without a key: which limit applies. /health and /meta are exempt. */
  limit?: 'address' | 'exempt';
}

/** Input before the schema accepted it; query values are already converted where they could be. */
export interface RawInput {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
}

export interface Input<P extends Fields, Q extends Fields, B extends Fields> {
  params: Static<P>;
  query: Static<Q>;
  body: Static<B>;
  /** Null on operations that need no key. */
  session: Session | null;
  /** `https://host`, without a path. */
  baseUrl: string;
}

/** What a handler answers; the status is the definition's `success` unless named. */
export interface Outcome {
  status?: number;
  body?: unknown;
  /** Path of the new resource, such as `/v2/accounts/{id}`. */
  location?: string;
  /** Of cursor lists only: null on the last page. Makes the Link header. */
  nextCursor?: string | null;
  /** Headers of an answer that is not JSON. */
  headers?: Record<string, string>;
}

export type Handler<P extends Fields, Q extends Fields, B extends Fields> = (
  ctx: Context,
  input: Input<P, Q, B>,
) => Promise<Outcome>;
