/** The table of error codes, and the one error class that services and routes throw. RFC 9457 on the wire. */

const table = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  INSUFFICIENT_SCOPE: 403,
  QUOTA_EXCEEDED: 403,
  NOT_FOUND: 404,
  NOT_ACCEPTABLE: 406,
  CONFLICT: 409,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_ERROR: 422,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  UPSTREAM_ERROR: 502,
  SERVICE_UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof table;

export const errorCodes = Object.keys(table) as ErrorCode[];

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** HTTP status of a code, unless the problem says otherwise (405 and 413 are BAD_REQUEST too). */
export const statusOf = (code: ErrorCode): number => table[code];

/** Reason phrase as Node writes it in the status line. */
export const titleOf = (status: number): string => titles[status] ?? 'Error';

/** `RATE_LIMITED` → `urn:creatoraudit:error:rate-limited`. Part of the wire contract: never to be renamed. */
export const typeOf = (code: ErrorCode): string => `urn:creatoraudit:error:${code.toLowerCase().replaceAll('_', '-')}`;

/** One invalid input: name of the parameter, header or member (dotted when nested), and what is wrong with it. */
export interface FieldError {
  field: string;
  message: string;
}

export interface ProblemOptions {
  status?: number;
  errors?: FieldError[];
  retryAfterSeconds?: number;
  /** Members beyond the standard ones, such as `checks` of the health problem. */
  extra?: Record<string, unknown>;
  /** Headers beyond Retry-After, such as Allow. */
  headers?: Record<string, string>;
}

/** A failure that the client may see: `detail` is one sentence for humans and reaches the client as it is. */
export class Problem extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: string;
  readonly errors?: FieldError[];
  readonly retryAfterSeconds?: number;
  readonly extra?: Record<string, unknown>;
  readonly headers?: Record<string, string>;

  constructor(code: ErrorCode, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.status = options.status ?? table[code];
    this.detail = detail;
    if (options.errors) this.errors = options.errors;
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
    if (options.extra) this.extra = options.extra;
    if (options.headers) this.headers = options.headers;
  }
}

/** 404: `what` is the resource as people call it, such as `account`. */
export const notFound = (what: string): Problem => new Problem('NOT_FOUND', `There is no such ${what}.`);

/** 422 with every failing field. */
export const invalid = (errors: FieldError[]): Problem =>
  new Problem('VALIDATION_ERROR', 'The request has invalid values; see errors.', { errors });

/** 409; `detail` says with what the request conflicts. */
export const conflict = (detail: string, retryAfterSeconds?: number): Problem =>
  new Problem('CONFLICT', detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });

/** 403 when an organization tracks as many accounts as it may. */
export const quotaExceeded = (detail: string): Problem => new Problem('QUOTA_EXCEEDED', detail);

/** 503; the client should come back after `retryAfterSeconds`. */
export const unavailable = (detail: string, retryAfterSeconds = 5): Problem =>
  new Problem('SERVICE_UNAVAILABLE', detail, { retryAfterSeconds });
