import type { CommandEntry } from '../../command.ts';

const CONFIG =
  '  -c, --config <file>    configuration (default: aegis.toml here or above, then ~/.config/aegis)';

/** The lines of the command table that are about the ledger. */
export const LEDGER_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'ledger verify',
    summary: 'verify the ledger, an exported bundle, or the proof of one event',
    help: `usage: aegis ledger verify [--bytes] [--key key] [--since note] [--config file] [--json]
       aegis ledger verify --bundle <folder> [--segment folder] [--key key] [--since note] [--json]
       aegis ledger verify --proof <file> --key <key> [--event file] [--json]

Recomputes everything from the stored bytes and says what was proved, what was not, and what is wrong
where. A bundle and a proof are verified without ledger, configuration or network. Exits with 0 when
nothing is wrong, with 6 when anything is, with 5 when there is nothing that can be read.

      --bytes             hashes, chains and trees alone: that nothing was changed, not what events say;
                          about twice as fast
      --bundle <folder>   what \`aegis ledger export\` has written
      --segment <folder>  an archived segment of the same log, to be verified with the bundle as one; can be
                          given several times
      --proof <file>      what \`aegis ledger proof\` has written
      --event <file>      the event that the proof is about, as exactly what was hashed
      --key <key>         a key of the log that is believed, and no other; can be given several times
      --since <note>      file with an older checkpoint of the same log, kept elsewhere: it must be extended
      --witness <key>     a witness that must have cosigned; can be given several times
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./verify.ts')).ledgerVerify,
  },
  {
    name: 'ledger proof',
    summary: 'show, away from the ledger, that one event is in it',
    help: `usage: aegis ledger proof <event> [--out file] [--event file] [--tenant name] [--config file] [--json]

Writes a proof (C2SP tlog-proof) that an event is in the signed log. An event is named by its session and
seq, \`ses_0193/4\`, or by its position in the ledger. \`aegis ledger verify --proof\` checks it anywhere.

      --out <file>        where the proof goes (default: standard output)
      --event <file>      also write the event, as exactly what was hashed
      --tenant <name>     whose session, where several tenants have one of that name
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./proof.ts')).ledgerProof,
  },
  {
    name: 'ledger checkpoint',
    summary: 'sign what is there, and show the checkpoint and the key',
    help: `usage: aegis ledger checkpoint [--installation | --tenant name] [--out file] [--config file] [--json]

Signs what is there and writes the checkpoint (C2SP tlog-checkpoint) to standard output, its key and its
witnesses to standard error. Kept elsewhere, it shows later whether the log was cut or rewritten
(\`aegis ledger verify --since\`).

      --installation      of the log over all tenants
      --tenant <name>     of one tenant's log, where there are several
      --out <file>        write it into a new file
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./checkpoint.ts')).ledgerCheckpoint,
  },
  {
    name: 'ledger export',
    summary: 'write a part of the ledger into a bundle that verifies anywhere',
    help: `usage: aegis ledger export <folder> [--session id | --from time --to time] [options]

Writes events with everything that proves them into a new folder, and verifies it. Without a scope it is
everything that one tenant has in the ledger.

      --session <id>      one session
      --from, --to <time> a time: 2026-06-30, 2026-06-30T12:00Z, or 7d for so long ago
      --tenant <name>     whose, where there are several
      --with-values       sealed values, too: arguments and results, which may be personal or secret
      --since <note>      file with an older checkpoint that the bundle shall be comparable with
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./export.ts')).ledgerExport,
  },
  {
    name: 'ledger import',
    summary: 'keep a bundle beside the ledger, or list those that are kept',
    help: `usage: aegis ledger import [folder] [--key key] [--config file] [--json]

Verifies a bundle, copies it to .aegis/imported, and from then on verifies it with the ledger, against the
keys that were believed now. Its events never mix with those of the ledger. Without a folder it lists what
was imported, with --json one object a line.

      --key <key>         a key of its log that is believed (default: those in the bundle)
      --json              JSON on standard output
${CONFIG}
`,
    load: async () => (await import('./import.ts')).ledgerImport,
  },
  {
    name: 'ledger erase',
    summary: 'erase sealed values, on record; every proof still holds',
    help: `usage: aegis ledger erase --session <id> | --event <event> | --user <id> --because <text> [options]

Shows how many sealed values there are, asks, and erases them. The events stay, with the hashes of the
values, and a DATA_ERASED event says who erased what and why. What was exported before is not reached.

      --session <id>      all values of a session
      --event <event>     those of one event: ses_0193/4, or its position
      --user <id>         those of all events of a user
      --because <text>    the reason, for the record
      --tenant <name>     of one tenant alone
  -y, --yes               do not ask
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./erase.ts')).ledgerErase,
  },
  {
    name: 'ledger archive',
    summary: 'move old sessions out of the store into bundles',
    help: `usage: aegis ledger archive --before <time> --dir <folder> [--tenant name] [--config file] [--json]

Moves whole sessions that have ended before a time out of the store. Each tenant's go into a bundle of
their own in the folder; it is verified and on the disk before anything is removed, and a SEGMENT_ARCHIVED
event names its hash. What the log says of them stays: older proofs still hold.

      --before <time>     2026-06-30, 2026-06-30T12:00Z, or 180d for so long ago
      --dir <folder>      where the bundles go
      --tenant <name>     of one tenant alone
      --json              one JSON object a line for each bundle
${CONFIG}
`,
    load: async () => (await import('./archive.ts')).ledgerArchive,
  },
  {
    name: 'ledger fsck',
    summary: 'verify everything about the ledger, and say what can be done',
    help: `usage: aegis ledger fsck [--config file] [--json]

Rebuilds every tree from the events, compares tiles, checkpoints, heads and what guards the store, looks at
the key folder and at the leases of the processes, and says of everything that is wrong what a person can
do. Changes nothing. Exits with 6 when anything is wrong.

      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./fsck.ts')).ledgerFsck,
  },
  {
    name: 'ledger rotate-key',
    summary: 'put a new signing key in place',
    help: `usage: aegis ledger rotate-key [--overlap time] [--config file] [--json]
       aegis ledger rotate-key --lost --because <text> [--config file] [--json]

Makes a new key and records it in the ledger; for a time both sign, then the old one is removed.

      --overlap <time>    how long both sign: 12h, 7d (default 7d)
      --lost              the key folder is lost: the next epoch begins, with a new key
      --because <text>    with --lost: the reason, for the record
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./rotate-key.ts')).ledgerRotateKey,
  },
  {
    name: 'ledger restore-accept',
    summary: 'go on with an older copy of the ledger, on record',
    help: `usage: aegis ledger restore-accept --because <text> [--yes] [--config file] [--json]

A ledger that is older than what was signed of it is not written to. This says that what is missing is
lost: the next epoch begins, and its first event names the last checkpoint that the ledger does not reach.

      --because <text>    the reason, for the record
  -y, --yes               do not ask
      --json              one JSON object on standard output
${CONFIG}
`,
    load: async () => (await import('./restore-accept.ts')).ledgerRestoreAccept,
  },
];
