import { afterEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { exposedNames } from '../../src/gateway/catalogue/names.ts';
import { matchesTemplate, templateShape } from '../../src/gateway/catalogue/template.ts';
import type { UpstreamServer } from '../../src/gateway/upstream/server.ts';
import { http, LIMITS, libraryOverHttp, scripted, serverFile, stdio, textOf, until } from './upstreams.ts';

const open: Catalogue[] = [];

function catalogueOf(...upstreams: UpstreamServer[]): Catalogue {
  const catalogue = new Catalogue(upstreams);
  open.push(catalogue);
  return catalogue;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((catalogue) => catalogue.close()));
});

const names = (catalogue: Catalogue) => catalogue.list('tools').map(({ exposed }) => exposed);

describe('the catalogue', () => {
  it('keeps tools of the same name apart, and leaves the others their names', async () => {
    const catalogue = catalogueOf(
      scripted('one', ['--tools=pid,echo']),
      scripted('two', ['--tools=pid,params']),
    );
    await catalogue.start(10_000);
    expect(names(catalogue)).toEqual(['echo', 'one__pid', 'params', 'two__pid']);
    expect(catalogue.tool('pid')).toBeUndefined();
    const pids = await Promise.all(
      ['one__pid', 'two__pid'].map(async (name) => {
        const entry = catalogue.tool(name);
        expect(entry?.definition['name']).toBe(name);
        const reply = await entry?.upstream.request('tools/call', { name: entry.own, arguments: {} }, LIMITS);
        return reply?.kind === 'result' ? textOf(reply.result) : undefined;
      }),
    );
    expect(pids[0]).not.toBe(pids[1]);
  });

  it('does not wait for a slow or a dead server, and takes the slow one in when it comes', async () => {
    const catalogue = catalogueOf(
      scripted('slow', ['--slow-start=1000', '--tools=params']),
      stdio({ name: 'dead', command: ['/nonexistent/program'] }),
      http({ name: 'nobody', url: 'http://127.0.0.1:9/mcp' }),
      scripted('fast', ['--tools=echo']),
    );
    const changes: (readonly string[])[] = [];
    catalogue.onChange((kinds) => changes.push(kinds));
    const states = await catalogue.start(500);
    expect(states.map(({ name, problem }) => [name, problem !== undefined])).toEqual([
      ['slow', true],
      ['dead', true],
      ['nobody', true],
      ['fast', false],
    ]);
    expect(names(catalogue)).toEqual(['echo']);
    await until('the slow one has joined', () => names(catalogue).length === 2);
    expect(changes.at(-1)).toEqual(['tools']);
  });

  it('takes a server in that comes up later', async () => {
    const first = await libraryOverHttp('later');
    const port = Number(new URL(first.url).port);
    await first.close();
    const catalogue = catalogueOf(http({ name: 'later', url: first.url }));
    const [state] = await catalogue.start(500);
    expect(state?.problem).toBe('server `later` cannot be reached');
    const second = await libraryOverHttp('later', { port });
    await until('it has joined', () => names(catalogue).includes('greet'));
    expect(catalogue.servers()).toEqual([{ name: 'later', problem: undefined }]);
    await catalogue.close();
    await second.close();
  });

  it('finds the server of a resource by list, by template, and by being the only one', async () => {
    const library = stdio({ name: 'library', command: [process.execPath, serverFile('library-stdio')] });
    const catalogue = catalogueOf(scripted('plain', []), library);
    await catalogue.start(10_000);
    for (const uri of ['test://motto', 'test://notes/5', 'test://elsewhere']) {
      expect(catalogue.resource(uri)).toMatchObject({
        upstream: library,
        resource: { kind: 'resource', server: 'library', name: uri },
      });
    }
  });

  it('does not guess the server of a resource among several', async () => {
    const command = [process.execPath, serverFile('library-stdio')] as const;
    const one = stdio({ name: 'one', command });
    const catalogue = catalogueOf(one, stdio({ name: 'two', command }));
    await catalogue.start(10_000);
    expect(catalogue.resource('test://elsewhere')).toBeUndefined();
    expect(catalogue.resource('test://motto')?.upstream).toBe(one);
    expect(catalogue.list('resources')).toHaveLength(2);
    expect(catalogue.prompt('one__poem')?.own).toBe('poem');
  });

  it('keeps what a dead server offered, and reads it again when the server is back', async () => {
    const upstream = scripted('mortal', ['--tools=grow,die,echo']);
    const catalogue = catalogueOf(upstream);
    await catalogue.start(10_000);
    const call = (name: string) => upstream.request('tools/call', { name, arguments: {} }, LIMITS);
    await call('grow');
    await until('the tool is there', () => names(catalogue).includes('grown'));
    await expect(call('die')).rejects.toThrow('has ended');
    expect(names(catalogue)).toEqual(['die', 'echo', 'grow', 'grown']);
    await call('echo');
    await until('the tools were read again', () => !names(catalogue).includes('grown'));
  });

  it('asks a server that cries change all the time only so often', async () => {
    const upstream = scripted('noisy', ['--tools=grow']);
    const catalogue = catalogueOf(upstream);
    let changes = 0;
    catalogue.onChange(() => changes++);
    await catalogue.start(10_000);
    const grow = () => upstream.request('tools/call', { name: 'grow', arguments: {} }, LIMITS);
    await Promise.all(Array.from({ length: 50 }, grow));
    await until('the tools were read again', () => names(catalogue).includes('grown'));
    expect(changes).toBeLessThanOrEqual(4);
    expect(names(catalogue)).toEqual(['grow', 'grown']);
  });
});

describe('exposed names', () => {
  const expose = (...offered: [string, string][]) =>
    Object.fromEntries(
      [...exposedNames(offered.map(([server, own]) => ({ server, own })))].map(([name, { server, own }]) => [
        name,
        [server, own],
      ]),
    );

  it('are bare while they are unique', () => {
    expect(expose(['a', 'x'], ['b', 'y'])).toEqual({ x: ['a', 'x'], y: ['b', 'y'] });
  });

  it('never take the name of another tool', () => {
    expect(expose(['a', 'x'], ['b', 'x'], ['c', 'a__x'])).toEqual({
      a__x: ['a', 'x'],
      b__x: ['b', 'x'],
      c__a__x: ['c', 'a__x'],
    });
  });

  it('take little time when a server makes its names collide one after the other', () => {
    const chain = Array.from({ length: 680 }, (_, n) => ({ server: 's', own: `${'s__'.repeat(n)}a` }));
    const others = Array.from({ length: 19_000 }, (_, n) => ({ server: 's', own: `t${n}` }));
    const exposed = exposedNames([{ server: 'other', own: 'a' }, ...chain, ...others]);
    expect(exposed.size).toBe(19_681);
    expect(exposed.get(`${'s__'.repeat(680)}a`)).toBe(chain[679]);
  });

  it('leave out what cannot be told apart, but for the first', () => {
    expect(expose(['a__b', 'c'], ['x', 'c'], ['a', 'b__c'], ['x', 'b__c'])).toEqual({
      a__b__c: ['a__b', 'c'],
      x__c: ['x', 'c'],
      x__b__c: ['x', 'b__c'],
    });
  });
});

describe('URI templates', () => {
  it.each([
    ['test://notes/{id}', 'test://notes/5', true],
    ['test://notes/{id}', 'test://other/5', false],
    ['test://{a}/data', 'test://x/y/data', true],
    ['test://{a}/data', 'test://x/y', false],
    ['test://{a}/-/{b}.txt', 'test://1/-/2.txt', true],
    ['test://{a}/-/{b}.txt', 'test://1/2.txt', false],
    ['test://x{a}x', 'test://x', false],
    ['test://plain', 'test://plain', true],
    ['test://plain', 'test://plainer', false],
  ])('%s against %s is %s', (template, uri, expected) => {
    expect(matchesTemplate(templateShape(template), uri)).toBe(expected);
  });

  it('take time in proportion to the URI', () => {
    const shape = templateShape(`test://${'{a}x'.repeat(1_000)}{b}y`);
    expect(matchesTemplate(shape, `test://${'x'.repeat(1_000_000)}`)).toBe(false);
  });
});
