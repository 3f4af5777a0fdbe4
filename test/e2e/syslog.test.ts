// A SIEM behind a daemon: followers and alerts to a syslog collector, over TCP and UDP, through kill -9.
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { collector } from '../../packages/aegis/test/telemetry/collector.ts';
import { startApi } from '../api/daemon.ts';
import { aegis } from './aegis.ts';

const positionsOf = (messages: readonly string[]): number[] =>
  messages.map((message) => Number(/ position="(\d+)"/.exec(message)?.[1]));

async function datagrams(): Promise<{ readonly port: number; readonly messages: string[] }> {
  const socket: Datagrams = createSocket('udp4').bind(0, '127.0.0.1');
  onTestFinished(() => void socket.close());
  await once(socket, 'listening');
  const messages: string[] = [];
  socket.on('message', (message) => messages.push(message.toString()));
  return { port: (socket.address() as AddressInfo).port, messages };
}

it('a collector has every event of a daemon that is killed three times, and doubles only in one batch each', async () => {
  const tcp = await collector(undefined, (socket, connection) => {
    if (connection % 4 !== 2) return false;
    socket.once('data', () => socket.resetAndDestroy());
    return true;
  });
  const udp = await datagrams();
  const api = await startApi(
    `
[[telemetry.followers]]
name = "siem"
format = "syslog"
syslog = "tcp://127.0.0.1:${tcp.port}"

[[alerts]]
name = "attacks"
types = ["TOOL_CALL_DENIED", "ACCESS_DENIED"]
syslog = "udp://127.0.0.1:${udp.port}"
`,
    2_000,
  );
  onTestFinished(() => api.remove());
  const act = async (calls: number): Promise<void> => {
    const session = await api.session('builder');
    for (let call = 0; call < calls; call++) {
      const type = call % 5 === 0 ? 'delete' : 'read';
      await api.ask('builder', 'POST', '/v1/actions', {
        session,
        type,
        target: 'database',
        params: { call },
      });
    }
  };
  await act(1);
  for (let kill = 0; kill < 3; kill++) {
    await act(10);
    await api.daemon.stop('SIGKILL');
    await api.restart();
  }
  await act(5);
  const newest = async (): Promise<number> => {
    const { stdout } = await aegis(['events', '--last', '1', '--json', '--config', api.configuration]);
    return JSON.parse(stdout).position;
  };
  const expected = Array.from({ length: await newest() }, (_, at) => at + 1);
  await expect
    .poll(() => new Set(positionsOf(tcp.messages)).size, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(expected.length);
  const got = positionsOf(tcp.messages);
  expect([...new Set(got)].toSorted((a, b) => a - b).slice(0, expected.length)).toEqual(expected);
  expect(tcp.garbage).toEqual([]);
  // What was read and not noted when the daemon was killed comes again, and nothing else.
  const backwards = got.filter((position, at) => at > 0 && position <= (got[at - 1] ?? 0));
  expect(backwards.length).toBeLessThanOrEqual(3);
  expect(udp.messages[0]).toMatch(/ aegis - \w+_DENIED \[aegis@32473 alert="attacks" count="1" /);
}, 60_000);
