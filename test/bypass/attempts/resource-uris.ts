import { type Attempt, firing } from '../attempt.ts';
import { NEIGHBOUR_URI, OPEN_URI, SECRET_URI } from '../canary/world.ts';

const mistake = 'a rule compares URIs as they are written, and the server walks and decodes them';

/** Ways to write the URI of a forbidden resource, some of which look as if they lay under a permitted one. */
const SPELLINGS: readonly (readonly [id: string, uri: string])[] = [
  ['as-it-is', SECRET_URI],
  ['by-a-template', `${SECRET_URI}/one`],
  ['of-the-neighbour', NEIGHBOUR_URI],
  ['capital-scheme', SECRET_URI.replace('canary', 'CANARY')],
  ['percent', SECRET_URI.replace('secret', '%73ecret')],
  ['percent-twice', SECRET_URI.replace('secret', '%2573ecret')],
  ['step-up', `${OPEN_URI}/../secret`],
  ['encoded-step-up', `${OPEN_URI}/%2e%2e/secret`],
  ['encoded-slash', `${OPEN_URI}/..%2fsecret`],
  ['step-up-encoded-twice', `${OPEN_URI}/%252e%252e/secret`],
  ['backslash', `${OPEN_URI}\\..\\secret`],
  ['encoded-backslash', `${OPEN_URI}/..%5csecret`],
  ['tab-in-a-step', `${OPEN_URI}/.\t./secret`],
  ['line-break-in-a-step', `${OPEN_URI}/.\n./secret`],
  ['space-before', ` ${SECRET_URI}`],
  ['zero-width', SECRET_URI.replace('secret', 'sec\u200bret')],
  ['full-width', SECRET_URI.replace('s', '\uff53')],
  ['full-width-step', `${OPEN_URI}/\uff0e\uff0e/secret`],
  ['trailing-slash', `${SECRET_URI}/`],
  ['double-slash', SECRET_URI.replace('/secret', '//secret')],
  ['query', `${SECRET_URI}?x=open`],
  ['fragment', `${SECRET_URI}#open`],
  ['user', SECRET_URI.replace('//', '//open@')],
];

export const resourceUris: readonly Attempt[] = [
  ...SPELLINGS.map(
    ([id, uri]): Attempt => ({
      id: `resource/${id}`,
      mistake,
      needs: ['resources'],
      run: firing((c) => c.read(uri)),
    }),
  ),
  {
    id: 'resource/as-a-list',
    mistake: 'what is no text is turned into one behind the guard',
    needs: ['resources'],
    run: firing((c) => c.request('resources/read', { uri: [SECRET_URI] })),
  },
  {
    id: 'resource/beyond-all-length',
    mistake: 'a name that is too long for the record is run without one',
    needs: ['resources'],
    run: firing((c) => ({
      ...c.read(`${SECRET_URI}/${'x'.repeat(1_000_000)}`),
      mirror: { method: 'resources/read', name: SECRET_URI },
    })),
  },
];
