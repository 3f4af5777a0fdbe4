import { describe, expect, it } from 'vitest';
import { type Holder, Places } from '../../src/gateway/upstream/stdio/places.ts';

class Client implements Holder {
  isUnused = true;
  retired = 0;
  retire(): void {
    this.retired++;
  }
}

const clients = (count: number) => Array.from({ length: count }, () => new Client());

describe('places', () => {
  it('are given up by the longest unused holder', () => {
    const places = new Places(2);
    const [a, b, c] = clients(3) as [Client, Client, Client];
    expect([places.take(a), places.take(b)]).toEqual([true, true]);
    places.used(a);
    expect(places.take(c)).toBe(true);
    expect([a.retired, b.retired, c.retired]).toEqual([0, 1, 0]);
  });

  it('are never taken from a holder in use', () => {
    const places = new Places(1);
    const [a, b] = clients(2) as [Client, Client];
    places.take(a);
    a.isUnused = false;
    expect(places.take(b)).toBe(false);
    expect(a.retired).toBe(0);
    places.leave(a);
    expect(places.take(b)).toBe(true);
  });

  it('are one for each holder, however often it takes one', () => {
    const places = new Places(1);
    const [a, b] = clients(2) as [Client, Client];
    expect([places.take(a), places.take(a)]).toEqual([true, true]);
    places.leave(a);
    places.used(a);
    expect(places.take(b)).toBe(true);
    expect(a.retired).toBe(0);
  });
});
