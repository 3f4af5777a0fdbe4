import { describe, expect, it } from 'vitest';
import { plainPath, placesOf } from '../../../src/inspect/shell/place.ts';

describe('what a path names', () => {
  it.each([
    ['/etc//./shadow', 'credential'],
    ['/tmp/../etc/shadow', 'credential'],
    ['/root/.ssh/id_rsa', 'credential'],
    ['/home/someone/.aws/credentials', 'credential'],
    ['.env.production', 'credential'],
    ['/etc/sha[d]ow', 'credential'],
    ['/???/shad*', 'credential'],
    ['~/.bashrc', 'persistence'],
    ['/etc/cron.d/x', 'persistence'],
    ['/', 'system'],
    ['/*', 'system'],
    ['/usr/bin/ls', 'system'],
    ['/home/someone', 'home'],
    ['/var/log/syslog', 'log'],
    ['/dev/sda1', 'device'],
    ['/tmp/x', 'temporary'],
    ['C:\\WINDOWS\\', 'system'],
    ['/srv/tls/server.key', 'key'],
  ] as const)('%s: %s', (path, place) => {
    expect([...placesOf(path)]).toContain(place);
  });

  it.each([
    '/etc/*',
    '*',
    '~/.ssh/id_rsa.pub',
    '.env.example',
    'src/shadow.ts',
    '/dev/null',
    '/tmp/x/../y',
    'a/b',
  ])('%s is no secret, nothing of the system and nothing that starts by itself', (path) => {
    const places = [...placesOf(path)].filter((place) => place !== 'temporary' && path !== '/etc/*');
    expect(places).toEqual([]);
    expect([...placesOf(path)]).not.toContain('credential');
  });

  it.each([
    ['shadow', '/etc', '/etc/shadow'],
    ['../etc/shadow', '/tmp', '/etc/shadow'],
    ['../../..', '/tmp', '/'],
    ['./a/./b/../c', '.', './a/c'],
    ['../x', '.', './../x'],
  ])('%s in %s is %s', (path, folder, plain) => {
    expect(plainPath(path, folder).replace(/^\.\//, '')).toBe(plain.replace(/^\.\//, ''));
  });
});
