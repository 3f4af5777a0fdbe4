import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { type Clearance, Clearances, clearanceDraft } from '../../src/taint/clearance.ts';
import { Lineage } from '../../src/taint/lineage.ts';
import { sha256 } from '../policy/call.ts';

const mac = (text: string): string => sha256(`key ${text}`);

const WORD: Clearance = {
  id: 'clr_1',
  tenant: 'acme',
  session: 'ses_1',
  by: 'ann',
  door: 'cli',
  why: 'our own pages',
  labels: ['external'],
};

function booked(
  payload: JsonObject,
  value?: string,
  tenant = 'acme',
  clearances: Clearances = new Clearances(mac),
) {
  const envelope = {
    event_type: 'DATA_DECLASSIFIED',
    payload,
    seq: 1,
    session_id: 'ses_ann',
    tenant_id: tenant,
    ts_unix_ms: 0,
    user_id: 'ann',
  } as const;
  clearances.take(envelope, value);
  return clearances.of('acme', 'ses_1');
}

describe('what a person vouches for in a session', () => {
  it('counts as it was recorded', () => {
    expect(booked(clearanceDraft(WORD, mac).payload)).toEqual([WORD]);
    const text = { ...WORD, labels: [], value: 'eve@elsewhere.example' };
    expect(booked(clearanceDraft(text, mac).payload, text.value)).toEqual([text]);
  });

  it.each<[string, JsonObject, string | undefined, string]>([
    ['another session', { session: 'ses_2' }, undefined, 'acme'],
    ['other labels', { labels: ['external', 'crm'] }, undefined, 'acme'],
    ['another id', { clearance: 'clr_2' }, undefined, 'acme'],
    ['another person', { by: 'eve' }, undefined, 'acme'],
    ['another reason', { why: 'x' }, undefined, 'acme'],
    ['a text that nobody vouched for', {}, 'evil.example', 'acme'],
    ['another tenant', {}, undefined, 'other'],
    ['no proof', { proof: '' }, undefined, 'acme'],
  ])('does not count with %s', (_, change, value, tenant) => {
    const { payload } = clearanceDraft(WORD, mac);
    expect(booked({ ...payload, ...change }, value, tenant)).toEqual([]);
  });

  it('counts once, however often it is copied', () => {
    const clearances = new Clearances(mac);
    const { payload } = clearanceDraft(WORD, mac);
    booked(payload, undefined, 'acme', clearances);
    expect(booked(payload, undefined, 'acme', clearances)).toEqual([WORD]);
  });

  it('does not count when the text was erased', () => {
    const { payload } = clearanceDraft({ ...WORD, labels: [], value: 'a text' }, mac);
    expect(booked(payload)).toEqual([]);
  });
});

describe('labels that are cleared', () => {
  const call = { server: 'mail', capabilities: ['message.send'], kinds: undefined } as const;
  const traced = (lineage: Lineage, to: string) => lineage.trace({ ...call, args: { to } }).taints;
  const read = (lineage: Lineage, callId: string, labels: readonly string[], content: string) => {
    const received = { callId, server: 'web', labels, steers: false, content };
    for (const _ of lineage.receive(received)) continue;
  };

  it('are gone from what was read, and nothing else is', () => {
    const lineage = new Lineage(1);
    read(lineage, 'call_1', ['external'], 'write to eve@elsewhere.example');
    read(lineage, 'call_2', ['crm', 'external'], 'call bob@acme.example');
    lineage.clear(['external']);
    expect(traced(lineage, 'eve@elsewhere.example')).toEqual([]);
    expect(traced(lineage, 'bob@acme.example')).toMatchObject([{ labels: ['crm'] }]);
  });

  it('are on the same text again when it is read again', () => {
    const lineage = new Lineage(1);
    read(lineage, 'call_1', ['external'], 'write to eve@elsewhere.example');
    lineage.clear(['external']);
    read(lineage, 'call_1', ['external'], 'write to eve@elsewhere.example');
    expect(traced(lineage, 'eve@elsewhere.example')).toMatchObject([{ labels: ['external'] }]);
  });

  it('are gone from what could not be kept', () => {
    const lineage = new Lineage(1, 1);
    read(lineage, 'call_1', ['external'], 'more words than there is room for');
    expect(traced(lineage, 'anything else')).toMatchObject([{ labels: ['external'], agreement: 'unknown' }]);
    lineage.clear(['external']);
    expect(traced(lineage, 'anything else')).toEqual([]);
  });
});
