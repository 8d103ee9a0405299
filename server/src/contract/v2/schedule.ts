import { Type } from 'typebox';

/** How often accounts and videos are looked at. Contract §5.1 and §5.2. */

const bounds = { minimum: 6, maximum: 720 };

export const ScrapeInterval = Type.Integer(bounds);
export const NewScrapeInterval = Type.Integer({ ...bounds, default: 24 });
