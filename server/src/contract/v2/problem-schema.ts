import { Type } from 'typebox';
import { errorCodes } from '../problem.ts';
import { nullable, oneOf } from './conventions.ts';
import { Checks } from './system.ts';

/** Every error answer, as `application/problem+json` (RFC 9457). Contract §2.12. */
export const ProblemDocument = Type.Object(
  {
    type: Type.String({ format: 'uri', examples: ['urn:creatoraudit:error:not-found'] }),
    title: Type.String({ description: 'Reason phrase of the status' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'One sentence for people' }),
    code: oneOf(errorCodes),
    instance: nullable(Type.String({ description: 'Path of the request', examples: ['/v2/accounts'] })),
    request_id: Type.String({ description: 'Equals X-Request-ID' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            field: Type.String({ description: 'Parameter, header or member; dotted when nested' }),
            message: Type.String(),
          },
          { title: 'FieldError' },
        ),
        { description: 'On 422: all failing fields' },
      ),
    ),
    checks: Type.Optional(Checks),
  },
  { title: 'Problem' },
);
