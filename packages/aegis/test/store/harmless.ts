/** A change behind the program's back that verification does not speak of. */
export interface Harmless {
  /** Which changes of the column; all of them when it is left out. */
  readonly which?: RegExp;
  readonly because: string;
}

const ROW_NUMBER =
  'a number by which nothing is found; where rows are told apart by it, the row that is found is checked';
const CACHE =
  'a cache: it is used only with its MAC, which is made with the signing key, and otherwise the session is read';
const LEASE =
  'who may write to an open session, not what happened: `fsck` names what no process leaves behind, and no lease outlives its process by more than its length';
const PERMIT = 'what is left of rates at this moment, for two seconds: what was allowed stands in the events';

/** By `table.column`, or the table where it is about whole rows. The same list stands in docs/reference/ledger.md. */
export const HARMLESS: Readonly<Record<string, Harmless>> = {
  'blob.id': { because: ROW_NUMBER },
  'pin.id': { because: ROW_NUMBER },
  'tile.id': { because: ROW_NUMBER },
  'checkpoint.id': { which: /one more|far away/, because: ROW_NUMBER },
  'checkpoint.at_ms': {
    because: 'nothing is concluded from it, and nobody is shown it: a signed note has no time of its own',
  },
  checkpoint: {
    which: /deleted/,
    because:
      'only of the log of the installation: a later one says all that an earlier one said, and Aegis signs what is there anew; who has one keeps it',
  },
  'segment.removed': {
    which: /one less/,
    because: 'the next start looks again whether entries are left, and finds none',
  },
  'session.owner': { which: /empty/, because: LEASE },
  lease: { which: /deleted/, because: LEASE },
  'lease.writer': { which: /empty|places/, because: LEASE },
  'lease.until_ms': { because: LEASE },
  wish: { because: LEASE },
  'wish.tenant': { because: LEASE },
  'wish.session': { because: LEASE },
  'wish.writer': { because: LEASE },
  'wish.at_ms': { because: LEASE },
  snapshot: { because: CACHE },
  'snapshot.sid': { because: CACHE },
  'snapshot.seq': { because: CACHE },
  'snapshot.hash': { because: CACHE },
  'snapshot.body': { because: CACHE },
  permit_block: { because: PERMIT },
  'permit_block.id': { because: PERMIT },
  'permit_block.place': { because: PERMIT },
  'permit_block.permits': { because: PERMIT },
  'permit_block.ends_ms': { because: PERMIT },
  permit_part: { because: PERMIT },
  'permit_part.place': { because: PERMIT },
  'permit_part.part': { because: PERMIT },
  'permit_part.permits': { because: PERMIT },
  'permit_part.ends_ms': { because: PERMIT },
};
