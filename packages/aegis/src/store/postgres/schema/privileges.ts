/**
 * What the role that writes may do, table by table: read, add, and move on the few columns that move. It may
 * not change or remove an entry, a value, a tile, a checkpoint, or anything that says that something was removed.
 */
export const PRIVILEGES: Readonly<Record<string, string>> = {
  step: 'SELECT',
  log: 'SELECT, UPDATE (position)',
  session: 'SELECT, INSERT, UPDATE (next_seq, newest, head, owner)',
  event: 'SELECT, INSERT',
  event_range: 'SELECT',
  blob: 'SELECT, INSERT',
  pin: 'SELECT, INSERT, UPDATE (pinned, offered, newest)',
  lease: 'SELECT, INSERT, UPDATE (until_ms), DELETE',
  snapshot: 'SELECT, INSERT, UPDATE (seq, hash, body)',
  wish: 'SELECT, INSERT, UPDATE (writer, at_ms), DELETE',
  permit_block: 'SELECT, INSERT, DELETE',
  permit_part: 'SELECT, INSERT, UPDATE (permits, ends_ms), DELETE',
  installation: 'SELECT, INSERT',
  tree: 'SELECT, INSERT, UPDATE (size, through)',
  tile: 'SELECT, INSERT',
  leaf: 'SELECT, INSERT',
  checkpoint: 'SELECT, INSERT',
  signature: 'SELECT, INSERT',
  installation_leaf: 'SELECT, INSERT',
  erasure: 'SELECT',
  segment: 'SELECT',
  archived: 'SELECT',
  vacancy: 'SELECT',
};
