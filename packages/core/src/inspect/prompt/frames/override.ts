import { everywhere, type Frame } from './frame.ts';

const OVERRIDE = 'asks to drop earlier instructions';

/** Commands to drop what the model was told. */
export const OVERRIDE_FRAMES: readonly Frame[] = [
  {
    id: 'override',
    slots: [['drop'], ['earlier', 'yours', 'all'], ['orders']],
    ordered: true,
    window: 7,
    severity: everywhere('high'),
    message: OVERRIDE,
  },
  {
    id: 'override',
    slots: [['drop', 'undo'], ['everything']],
    ordered: true,
    window: 5,
    severity: everywhere('high'),
    message: OVERRIDE,
  },
  {
    id: 'override',
    slots: [['drop'], ['orders'], ['earlier']],
    ordered: true,
    window: 7,
    severity: everywhere('high'),
    message: OVERRIDE,
  },
  {
    id: 'override_weak',
    spaced: true,
    slots: [['drop'], ['earlier', 'yours'], ['settings']],
    ordered: true,
    sentence: true,
    window: 6,
    severity: everywhere('medium'),
    message: OVERRIDE,
  },
  {
    id: 'override',
    spaced: true,
    slots: [['drop', 'undo'], ['earlier'], ['orders'], ['new_task', 'instead', 'from_now']],
    sentence: true,
    window: 18,
    severity: everywhere('high'),
    message: OVERRIDE,
  },
  {
    id: 'override_weak',
    spaced: true,
    slots: [['undo'], ['orders'], ['earlier', 'yours', 'all']],
    sentence: true,
    window: 6,
    severity: { request: 'medium', result: 'low', definition: 'low' },
    message: OVERRIDE,
  },
  { id: 'override', slots: [['override']], window: 0, severity: everywhere('high'), message: OVERRIDE },
  {
    id: 'override_hint',
    slots: [['drop'], ['orders']],
    window: 4,
    severity: everywhere('low'),
    message: OVERRIDE,
  },
];
