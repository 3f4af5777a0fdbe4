/** What the exit codes mean; the codes of errors stand with the errors themselves. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  denied: 3,
  broken: 6,
  pending: 8,
  interrupted: 130,
} as const;
