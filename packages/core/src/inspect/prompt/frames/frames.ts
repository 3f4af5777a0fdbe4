import { DISCLOSURE_FRAMES } from './disclosure.ts';
import { LEAK_FRAMES } from './leak.ts';
import { OVERRIDE_FRAMES } from './override.ts';
import { ROLE_FRAMES } from './role.ts';
import { TASK_FRAMES } from './task.ts';
import type { Frame } from './frame.ts';

/** Every frame. */
export const FRAMES: readonly Frame[] = [
  ...OVERRIDE_FRAMES,
  ...DISCLOSURE_FRAMES,
  ...ROLE_FRAMES,
  ...TASK_FRAMES,
  ...LEAK_FRAMES,
];
