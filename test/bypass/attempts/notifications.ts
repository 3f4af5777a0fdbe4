import { type Attempt, firing } from '../attempt.ts';
import { SECRET_URI } from '../canary/world.ts';

const mistake = 'a message without an id is a notification, which nobody judges, and the server acts on it';

export const notifications: readonly Attempt[] = [
  {
    id: 'notification/call',
    mistake,
    run: firing((c, { nonce }) =>
      c.notification('tools/call', { name: c.tool('secret_note'), arguments: { nonce } }),
    ),
  },
  {
    id: 'notification/permitted-call',
    harmless: true,
    mistake: 'a call without an id runs unrecorded, since nobody waits for its answer',
    run: firing((c, { nonce }) =>
      c.notification('tools/call', { name: c.tool('open_note'), arguments: { nonce } }),
    ),
  },
  {
    id: 'notification/read',
    mistake,
    run: firing((c) => c.notification('resources/read', { uri: SECRET_URI })),
  },
];
