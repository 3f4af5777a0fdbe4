import type { Attempt } from '../attempt.ts';
import { NEIGHBOUR_URI } from '../canary/world.ts';
import type { Client } from '../door/client.ts';
import { isSuccess, type Outcome } from '../door/message.ts';

const HIDDEN: readonly string[] = ['secret_note', 'secret_neighbour', 'secret_prompt', NEIGHBOUR_URI];

const PAGES = 50;

/** Every page of a list. */
async function pagesOf(client: Client, method: string): Promise<readonly Outcome[]> {
  const pages: Outcome[] = [];
  let cursor: unknown;
  do {
    const page = await client.fire(client.compose.request(method, cursor === undefined ? {} : { cursor }));
    pages.push(page);
    cursor = page.messages.find(isSuccess)?.result?.['nextCursor'];
  } while (typeof cursor === 'string' && pages.length < PAGES);
  return pages;
}

const LISTS: readonly string[] = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'];

/** Lists are no decisions: what they show is judged when it is used. */
export const listings: readonly Attempt[] = [
  ...LISTS.map(
    (method): Attempt => ({
      id: `list/${method.replaceAll('/', '-')}`,
      mistake: 'a list shows what may not be used: all of it, or from the second page on',
      run: async ({ client, accuse }) => {
        const pages = await pagesOf(client, method);
        if (pages.length === PAGES) accuse('the list has no end');
        for (const { text } of pages) {
          for (const name of HIDDEN) if (text.includes(name)) accuse(`${method} shows ${name}`);
        }
        return [];
      },
      expect: { answer: 'any', records: [] },
    }),
  ),
  ...(
    [
      ['of-the-server', '2'],
      ['of-nobody', 'bm9ib2R5'],
      ['number', 2],
      ['object', { page: 2 }],
    ] as const
  ).map(
    ([id, cursor]): Attempt => ({
      id: `list/cursor-${id}`,
      mistake: 'a cursor is passed on to the server, and what it answers is not filtered',
      run: async ({ client, accuse }) => {
        const page = await client.fire(client.compose.request('tools/list', { cursor }));
        for (const name of HIDDEN) if (page.text.includes(name)) accuse(`the page shows ${name}`);
        return [page];
      },
      harmless: true,
    }),
  ),
  {
    id: 'list/hidden-as-unknown',
    mistake: 'the answer to a call tells a hidden tool from one that does not exist',
    needs: ['neighbour'],
    run: async ({ client, nonce, accuse }) => {
      const { compose } = client;
      const answerTo = async (own: string): Promise<string> => {
        const outcome = await client.fire(compose.call(own, { nonce }));
        return shapeOf(outcome, compose.tool(own));
      };
      const [hidden, unknown] = [await answerTo('secret_neighbour'), await answerTo('secret_nobody_has')];
      if (hidden !== unknown) accuse(`hidden: ${hidden}; unknown: ${unknown}`);
      return [];
    },
    expect: { records: ['denied', 'denied'] },
  },
];

/** An answer without what differs between any two: the name that was asked for, ids, lengths. */
function shapeOf({ messages, status }: Outcome, name: string): string {
  const text = JSON.stringify(messages.map((message) => ({ ...message, id: 'ID' })));
  return `${status} ${text.replaceAll(name, 'NAME').replace(/\b[a-z]+_[0-9A-Za-z-]{8,}\b/g, 'ID')}`;
}
