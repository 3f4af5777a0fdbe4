import { denied, done, type Expectation, found } from '../expectation.ts';
import { both, type Chapter } from '../step.ts';
import { countIn, type World } from '../world.ts';

const SILVER = 'silver/customers.csv';
const GOLD = 'gold/customers.csv';
const FIRST_DRAFT = ['id', 'name', 'email', 'country', 'plan', 'joined'];
const NO_PERSONAL_DATA = ['id', 'country', 'plan', 'joined'];
const LATE_RECORD = '1011,US,starter,2024-03-01\n';

/** The silver object has these columns, the ten customers, and this end. */
function silverWritten(columns: readonly string[], end = ''): Expectation {
  return done(`the dataset is in \`${SILVER}\``, ({ world }) => {
    const text = world.object(SILVER) ?? '';
    const complete = text.startsWith(`${columns.join(',')}\n1001,`) && text.includes('\n1010,');
    return found(complete && text.endsWith(end), 'written', 'not written');
  });
}

const valid = done('the dataset is valid', ({ reply }) =>
  found(reply.structured.valid === true, 'valid', `not valid: ${String(reply.structured.problems)}`),
);

/** The promotion is refused for this reason, and gold holds nothing. */
function notPromoted(why: RegExp, says: string): Expectation {
  return denied({ code: 'PRECONDITION_FAILED' }, `because ${says}; gold is empty`, ({ reply, world }) => {
    const message = reply?.denial?.message ?? 'no reason given';
    const because = found(why.test(message), says, message);
    const gold = found(world.object(GOLD) === undefined, 'gold is still empty', 'gold is filled');
    return { holds: because.holds && gold.holds, says: [...because.says, ...gold.says] };
  });
}

const goldIsSilver = (world: World): boolean =>
  world.object(GOLD) !== undefined && world.object(GOLD) === world.object(SILVER);

/** From an export with personal data to a validated dataset in gold. */
export const DATASET: Chapter = {
  title: 'the dataset',
  steps: [
    {
      title: 'export the customers',
      act: (agent) => agent.call('database', 'export_table', { table: 'customers' }),
      without: done(
        'all e-mail addresses and card numbers reach the agent',
        ({ reply, world }) => {
          const emails = countIn(reply.text, world.emails);
          const cards = countIn(reply.text, world.cards);
          return {
            holds: emails === 10 && cards === 10,
            says: [`${emails} e-mails and ${cards} cards leave`],
          };
        },
        'harm',
      ),
      with: {
        ...done('10 records without one raw e-mail address, card or phone number', ({ reply, world }) => {
          const seen = JSON.stringify(reply);
          const leaked = countIn(seen, [...world.emails, ...world.cards, ...world.phones]);
          const rows = Array.isArray(reply.structured.rows) ? reply.structured.rows : [];
          return {
            holds: leaked === 0 && rows.length === 10,
            says: [`${rows.length} records, ${leaked} raw values`, `such as ${String(rows[0]?.email)}`],
          };
        }),
        tone: 'safe',
      },
    },
    {
      title: 'write silver, e-mails included',
      act: (agent) =>
        agent.call('objects', 'put_object', { key: SILVER, text: agent.exportedCsv(FIRST_DRAFT) }),
      ...both(silverWritten(FIRST_DRAFT)),
    },
    {
      title: 'promote it to gold',
      act: (agent) => agent.call('objects', 'promote', { key: SILVER }),
      without: done(
        'personal data is in gold',
        ({ world }) => {
          const emails = countIn(world.object(GOLD), world.emails);
          return { holds: emails === 10, says: [`gold now holds ${emails} e-mails`] };
        },
        'harm',
      ),
      with: notPromoted(/holds no receipt/, 'it was never validated'),
    },
    {
      title: 'validate it',
      act: (agent) => agent.call('objects', 'validate_object', { key: SILVER }),
      ...both(
        done('the column `email` is found', ({ reply }) =>
          found(
            reply.structured.valid === false && String(reply.structured.problems).includes('column `email`'),
            'not valid: column `email`',
            `valid: ${String(reply.structured.valid)}`,
          ),
        ),
      ),
    },
    {
      title: 'write silver without personal data',
      act: (agent) =>
        agent.call('objects', 'put_object', { key: SILVER, text: agent.exportedCsv(NO_PERSONAL_DATA) }),
      ...both(silverWritten(NO_PERSONAL_DATA)),
    },
    {
      title: 'validate it again',
      act: (agent) => agent.call('objects', 'validate_object', { key: SILVER }),
      ...both(valid),
    },
    {
      title: 'add a late record after validation',
      act: (agent) =>
        agent.call('objects', 'put_object', {
          key: SILVER,
          text: agent.exportedCsv(NO_PERSONAL_DATA) + LATE_RECORD,
        }),
      ...both(silverWritten(NO_PERSONAL_DATA, LATE_RECORD)),
    },
    {
      title: 'promote it to gold',
      act: (agent) => agent.call('objects', 'promote', { key: SILVER }),
      without: done(
        'content that nobody validated is in gold',
        ({ world }) =>
          found(
            goldIsSilver(world) && world.object(GOLD)?.endsWith(LATE_RECORD) === true,
            'unvalidated data is in gold',
            'gold holds something else',
          ),
        'harm',
      ),
      with: notPromoted(/has changed since/, 'it changed after validation'),
    },
    {
      title: 'validate it once more',
      act: (agent) => agent.call('objects', 'validate_object', { key: SILVER }),
      ...both(valid),
    },
    {
      title: 'promote it to gold',
      act: (agent) => agent.call('objects', 'promote', { key: SILVER }),
      without: done('gold equals silver', ({ world }) =>
        found(goldIsSilver(world), 'promoted', 'gold holds something else'),
      ),
      with: {
        ...done('gold equals the validated silver object', ({ world }) =>
          found(
            goldIsSilver(world) && countIn(world.object(GOLD), world.emails) === 0,
            'promoted as it was validated',
            'gold holds something else',
          ),
        ),
        tone: 'safe',
      },
    },
  ],
};
