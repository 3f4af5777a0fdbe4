import { attemptsOverNetwork, attemptsOverStreams } from './aegis/at-doors.ts';

// One door of each era and each carrier: what lies behind does not know what lies before.
attemptsOverNetwork([{ carrier: 'http', revision: '2026-07-28' }], 'stdio');
attemptsOverStreams([{ carrier: 'stdio', revision: '2025-11-25' }], 'stdio');
