/** Whether a word has no meaning by itself: it counts beside others only, or long sentences would count as such. */
export function isFunctionWord(stem: string): boolean {
  return FUNCTION_WORDS.has(stem);
}

const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `a an the of and or to in on at for with by from as that this it its be hav do which who what their them they he his
   her she i s t will can may one two than then so such if into up about over out there these those but also only more
   most le la el les des un une der die das und en et y`.split(/\s{1,9}/),
);
