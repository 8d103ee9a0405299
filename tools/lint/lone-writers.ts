/**
 * Functions of services that write and are neither a write verb nor a part of one: path#function → why nobody authorizes,
 * parses or audits there. Keep it short: an operation that somebody asks for never belongs here.
 */
export const loneWriters: Readonly<Record<string, string>> = {
  'services/purge-deleted.ts#purgeDeleted':
    'housekeeping over all organizations that nobody asks for; everything that goes is audited',
  'services/idempotency/purge.ts#purgeIdempotencyRecords':
    'housekeeping over all organizations; clients never see these records',
  'services/refused-readings/purge-refused-readings.ts#purgeRefusedReadings':
    'housekeeping that nobody asks for; no figure is made of what was refused',
  'services/idempotency/records.ts#insertMark':
    'a mark must be committed before the verb begins, and the verb decides whether the actor may',
  'services/idempotency/records.ts#complete':
    'stores the answer in the transaction of the verb, which has authorized and audited, or after it',
  'services/idempotency/records.ts#release': 'takes back a mark after the transaction of the verb is gone',
  'services/keys/open-sessions.ts#lookUp': 'counts requests before it is known who sends them',
  'services/organizations/ensure-default-organization.ts#ensureDefaultOrganization':
    'takes a lock and calls the verbs createOrganization and createKey, which do the rest',
  'services/organization-books/settle-days.ts#settleDays':
    'housekeeping over all organizations that changes no figure: sums of days that are booked',
  'services/organization-books/span-accounts.ts#spanAccounts': 'housekeeping likewise: sums of days that are booked',
};
