/** Where runs of characters begin and end that hold a digit: each beginning is followed by its end. */
export type Runs = readonly number[];

/** Finds runs around numbers that begin at these places. Takes time linear in the text. */
export function runsAround(text: string, numbers: readonly number[]): Runs {
  const runs: number[] = [];
  let reach = 0;
  for (const number of numbers) {
    if (number < reach) continue;
    let start = number;
    while (start > reach && MEMBERS[text.charCodeAt(start - 1)] === 1) start--;
    while (start < number && LEADS[text.charCodeAt(start)] !== 1) start++;
    reach = number + 1;
    while (reach < text.length && MEMBERS[text.charCodeAt(reach)] === 1) reach++;
    const length = reach - start;
    if (length >= SHORTEST && length <= LONGEST) runs.push(start, reach);
  }
  return runs;
}

const SHORTEST = 8;
const LONGEST = 400;
const MEMBERS = membersOf(/[\w+/.~!@#$^&*?-]/);
const LEADS = membersOf(/[A-Za-z0-9]/);

function membersOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(characters.test(String.fromCharCode(code))));
}
