import { everywhere, type Frame } from './frame.ts';

const UNBOUND = 'asks for a role without restrictions';

/** Roles in which nothing is refused. */
export const ROLE_FRAMES: readonly Frame[] = [
  {
    id: 'persona',
    slots: [['persona']],
    window: 0,
    mild: true,
    severity: everywhere('high'),
    message: UNBOUND,
  },
  {
    id: 'unbound_hint',
    slots: [['become'], ['unbound']],
    ordered: true,
    mild: true,
    window: 14,
    severity: { request: 'medium', result: 'high', definition: 'high' },
    message: UNBOUND,
  },
  {
    id: 'unbound',
    slots: [['become'], ['assistant', 'from_now', 'yours'], ['unbound']],
    mild: true,
    window: 14,
    severity: everywhere('high'),
    message: UNBOUND,
  },
  {
    id: 'unbound',
    slots: [['unbound'], ['assistant']],
    mild: true,
    window: 5,
    severity: everywhere('high'),
    message: UNBOUND,
  },
  {
    id: 'no_refusal',
    spaced: true,
    slots: [['no_refusal']],
    window: 0,
    severity: everywhere('low'),
    message: 'forbids to refuse',
  },
  {
    id: 'no_refusal_role',
    spaced: true,
    slots: [['no_refusal'], ['become', 'unbound', 'from_now', 'drop']],
    window: 40,
    severity: everywhere('medium'),
    message: 'forbids to refuse, in a role',
  },
  {
    id: 'forced_answer',
    slots: [['forced_opening'], ['no_refusal', 'amoral', 'drop']],
    spaced: true,
    window: 60,
    severity: everywhere('high'),
    message: 'dictates an answer that cannot refuse',
  },
  {
    id: 'amoral_role',
    spaced: true,
    slots: [['become', 'from_now'], ['no_refusal', 'unbound'], ['amoral']],
    mild: true,
    window: 70,
    severity: everywhere('high'),
    message: UNBOUND,
  },
  {
    id: 'role',
    spaced: true,
    slots: [['from_now'], ['become', 'must']],
    window: 10,
    severity: { request: 'low', result: 'medium', definition: 'low' },
    message: 'sets a role from now on',
  },
];
