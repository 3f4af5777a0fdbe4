import { expect, it } from 'vitest';
import { userFolder } from '../../src/config/places.ts';

it.each([
  ['linux', { HOME: '/home/ana' }, '/home/ana/.config/aegis'],
  ['linux', { HOME: '/home/ana', XDG_CONFIG_HOME: '/x' }, '/x/aegis'],
  ['linux', { HOME: '/home/ana', XDG_CONFIG_HOME: 'relative' }, '/home/ana/.config/aegis'],
  ['darwin', { HOME: '/Users/ana' }, '/Users/ana/.config/aegis'],
  ['win32', { USERPROFILE: '/Users/ana', APPDATA: '/Users/ana/Roaming' }, '/Users/ana/Roaming/aegis'],
  ['win32', { USERPROFILE: '/Users/ana' }, '/Users/ana/AppData/Roaming/aegis'],
] as const)("a user's own folder on %s with %j is %s", (platform, environment, folder) => {
  expect(userFolder(environment, platform)).toBe(folder);
});
