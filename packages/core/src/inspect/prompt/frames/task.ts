import type { Frame } from './frame.ts';

const AUTHORITY = 'claims authority over the assistant';

/** Tasks that somebody else than the user gives. */
export const TASK_FRAMES: readonly Frame[] = [
  {
    id: 'new_task',
    spaced: true,
    slots: [['new_task'], ['from_now', 'instead', 'must', 'authority', 'drop', 'todo', 'act']],
    window: 8,
    severity: { request: 'low', result: 'medium', definition: 'low' },
    message: 'gives the assistant a new task',
  },
  {
    id: 'authority',
    spaced: true,
    slots: [['authority'], ['must', 'act', 'drop', 'new_task', 'reveal', 'before_all']],
    window: 14,
    severity: { request: 'medium', result: 'high', definition: 'medium' },
    message: AUTHORITY,
  },
  {
    id: 'precedence',
    spaced: true,
    slots: [['before_all'], ['act', 'must', 'new_task', 'assistant']],
    ordered: true,
    window: 12,
    severity: { request: 'medium', result: 'high', definition: 'medium' },
    message: 'puts a task of its own before the one that was given',
  },
  {
    id: 'precedence_hint',
    spaced: true,
    slots: [['beforehand'], ['act', 'must', 'new_task']],
    ordered: true,
    window: 12,
    severity: { request: 'info', result: 'low', definition: 'low' },
    message: 'puts a task of its own before the one that was given',
  },
  {
    id: 'planted_task',
    spaced: true,
    slots: [['todo'], ['act']],
    ordered: true,
    window: 14,
    severity: { request: 'info', result: 'medium', definition: 'info' },
    message: 'holds a task with consequences',
  },
  {
    id: 'planted_task_at_stake',
    spaced: true,
    slots: [['todo'], ['act'], ['stake', 'destination', 'sensitive']],
    ordered: true,
    window: 16,
    severity: { request: 'info', result: 'high', definition: 'info' },
    message: 'holds a task with consequences',
  },
  {
    id: 'urgent_task',
    spaced: true,
    slots: [['urgent'], ['act'], ['destination', 'sensitive']],
    ordered: true,
    window: 14,
    severity: { request: 'info', result: 'low', definition: 'info' },
    message: 'holds a task with consequences',
  },
  {
    id: 'addressed_task',
    spaced: true,
    slots: [['assistant'], ['must'], ['act', 'send'], ['destination', 'sensitive']],
    ordered: true,
    window: 22,
    severity: { request: 'info', result: 'high', definition: 'medium' },
    message: 'gives a task to whatever assistant reads it',
  },
];
