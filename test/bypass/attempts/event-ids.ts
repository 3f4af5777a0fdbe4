import type { Attempt, Stage } from '../attempt.ts';
import { type Client, isHttpClient } from '../door/client.ts';
import { hasSessionHeader } from '../door/door.ts';
import type { Outcome } from '../door/message.ts';
import { UNANSWERED } from '../door/shot.ts';
import { somebody } from './other-callers.ts';

/** Streams that are come back to by the id of an event. */
export const eventIds: readonly Attempt[] = [
  {
    id: 'event-id/of-another-session',
    mistake: 'whoever names an event is sent what came after it, of any session',
    doors: hasSessionHeader,
    needs: ['other caller', 'session'],
    run: async (stage) => {
      const { client, nonce } = stage;
      const other = await somebody(stage);
      const shot = other.compose.call('slow_note', { nonce, ms: 60 }, { _meta: { progressToken: 5 } });
      const call = other.open(shot);
      await call.finished;
      const [first] = call.events.flatMap(({ id }) => id ?? []);
      return [await resumed(client, first ?? '0', stage)];
    },
    expect: { reaches: 1, records: ['allowed', 'denied'] },
  },
  ...Object.entries({ zero: '0', one: '1', 'every-one': '*', 'step-up': '../0' }).map(
    ([id, eventId]): Attempt => ({
      id: `event-id/${id}`,
      mistake: 'the id of an event is a number that anybody can count to',
      doors: hasSessionHeader,
      needs: ['session'],
      run: async (stage) => [await resumed(stage.client, eventId, stage)],
    }),
  ),
];

/** Comes back for a stream of somebody else, and says so when anything of it is there. */
async function resumed(client: Client, id: string, { nonce, accuse }: Stage): Promise<Outcome> {
  if (!isHttpClient(client)) throw new TypeError('streams are come back to over HTTP only');
  const stream = client.open({ body: '', id: UNANSWERED, verb: 'GET', headers: { 'Last-Event-ID': id } });
  await stream.headed;
  await stream.within(30);
  if (stream.raw.includes(nonce)) accuse(`the event \`${id}\` of another session was sent again`);
  stream.close();
  return stream.outcome;
}
