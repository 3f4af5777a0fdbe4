import { everywhere, type Frame } from './frame.ts';

const EXFILTRATION = 'asks to take secrets or data outside';

/** Data taken outside, and the user kept from knowing. */
export const LEAK_FRAMES: readonly Frame[] = [
  {
    id: 'secrecy',
    slots: [['untold'], ['act', 'send', 'reveal', 'must', 'before_all', 'beforehand', 'user']],
    window: 14,
    severity: { request: 'medium', result: 'medium', definition: 'medium' },
    message: 'asks to keep something from the user',
  },
  {
    id: 'secrecy_hint',
    slots: [['quietly'], ['send', 'before_all', 'sensitive']],
    spaced: true,
    window: 10,
    severity: everywhere('low'),
    message: 'asks to keep something from the user',
  },
  {
    id: 'secret_sending',
    slots: [['quietly'], ['send'], ['stake', 'sensitive'], ['destination']],
    spaced: true,
    window: 18,
    severity: everywhere('high'),
    message: 'asks to send something without the user knowing',
  },
  {
    id: 'secret_sending',
    spaced: true,
    slots: [['send', 'act'], ['destination', 'sensitive'], ['untold']],
    window: 22,
    severity: everywhere('high'),
    message: 'asks to send something without the user knowing',
  },
  {
    id: 'exfiltration',
    spaced: true,
    slots: [['send'], ['sensitive'], ['destination']],
    ordered: true,
    directed: true,
    window: 20,
    severity: everywhere('high'),
    message: EXFILTRATION,
  },
  {
    id: 'exfiltration_hint',
    spaced: true,
    slots: [['send'], ['stake'], ['destination']],
    ordered: true,
    window: 12,
    severity: { request: 'info', result: 'low', definition: 'low' },
    message: EXFILTRATION,
  },
];
