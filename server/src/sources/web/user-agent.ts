/** Says what it is; whoever does not want it can tell. */
export const userAgent = 'Mozilla/5.0 (compatible; Tallyline)';
