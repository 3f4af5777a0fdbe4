/** `AEGIS_LEAKS=long` looks longer, for what leaks slowly. */
const isLong = process.env['AEGIS_LEAKS'] === 'long';

/** A number of the default run, or what it is in the long one. */
export function extent(usual: number, long: number): number {
  return isLong ? long : usual;
}

/** Time for a test that takes `seconds` in the default run, on a machine that has other things to do. */
export function patience(seconds: number): number {
  return seconds * 1_000 * (isLong ? 30 : 3);
}
