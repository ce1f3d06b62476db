import { describe, expect, test } from 'vitest';
import { briefAnswers, jtBytes, jtParts, PLATE, REGISTRATION, SAMPLE_POSITION } from '../support/cloud/jt-messages.ts';
import { registerJtTerminal } from '../support/cloud/jt-run.ts';
import { serveJt } from '../support/cloud/jt-terminal.ts';
import { zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';

const VIN = testVin(1);
const serve = () => serveJt(VIN);

describe('what nothing vouches for', () => {
  test.each([
    ['an unknown number', { phone: '013900000002' }, {}],
    ['another terminal id', {}, { terminalId: 'TG00002' }],
  ])('a registration of %s is refused with an alert, and its connection ends', async (_, more, body) => {
    const { dial, alerts, terminals } = await serve();
    const terminal = dial();
    terminal.send(jtBytes('registration', { ...REGISTRATION, ...body }, 1, more));
    await terminal.ended;
    expect(briefAnswers(terminal.answers())).toEqual([['registration-answer', 1, 4]]);
    expect(alerts).toEqual(['TERMINAL_UNBOUND']);
    expect(terminals.status()).toMatchObject({ loggedIn: 0, frames: { 'refused-unbound': 1 } });
  });

  test.each([
    ['the VIN of another vehicle', { plateColour: 0, plate: testVin(2) }, undefined],
    ['another plate than the registered one', {}, '测B00001'],
  ])('a registration with %s lies in quarantine, with an alert', async (_, body, plate) => {
    const { dial, alerts, stores } = await serve();
    registerJtTerminal(stores, VIN, plate === undefined ? {} : { plate });
    const terminal = dial();
    terminal.send(jtBytes('registration', { ...REGISTRATION, ...body }, 1));
    expect(briefAnswers(await terminal.answered(1))).toEqual([['registration-answer', 1, 2]]);
    expect(alerts).toEqual(['TERMINAL_VIN_MISMATCH']);
    expect(stores.ledger.totals().framesAdmitted).toBe(0);
  });

  test('a registration with its own VIN, or its registered plate, is one', async () => {
    const { dial, stores } = await serve();
    registerJtTerminal(stores, VIN, { plate: PLATE });
    const terminal = dial();
    terminal.send(jtBytes('registration', { ...REGISTRATION, plateColour: 0, plate: VIN }, 1));
    terminal.send(jtBytes('registration', REGISTRATION, 2));
    expect(briefAnswers(await terminal.answered(2)).map(([, , result]) => result)).toEqual([0, 0]);
  });

  test('a code that was not given, or not to this terminal, opens nothing and is kept nowhere', async () => {
    const { dial, alerts, directory, close, stores } = await serve();
    const code = await dial().enter();
    registerJtTerminal(stores, testVin(2), { phone: '013900000002' });
    for (const [shown, phone] of [
      ['0'.repeat(32), '013900000001'],
      [code, '013900000002'],
      ['', '013900000002'],
    ] as const) {
      const terminal = dial();
      terminal.send(jtBytes('authentication', { code: shown }, 5 + shown.length, { phone }));
      await terminal.ended;
      expect(briefAnswers(terminal.answers())).toEqual([['platform-answer', 5 + shown.length, 1]]);
    }
    expect(new Set(alerts)).toEqual(new Set(['TERMINAL_UNBOUND']));
    await close();
    const { quarantine } = zonesOf(directory);
    expect(quarantine?.payloads).toHaveLength(3);
    expect(quarantine?.payloads.every(({ payload }) => !payload.includes(code))).toBe(true);
  });

  test('a terminal from another network, and one that has deregistered, may not authenticate', async () => {
    const { dial, stores } = await serve();
    const first = dial();
    const code = await first.enter();
    registerJtTerminal(stores, VIN, { sources: ['10.0.0.0/8'] });
    const second = dial();
    second.send(jtBytes('authentication', { code }, 1));
    await second.ended;
    registerJtTerminal(stores, VIN);
    first.send(jtBytes('deregistration', {}, 3));
    await first.answered(3);
    first.send(jtBytes('authentication', { code }, 4));
    await first.ended;
    expect([...briefAnswers(second.answers()), ...briefAnswers(first.answers()).slice(3)]).toEqual([
      ['platform-answer', 1, 1],
      ['platform-answer', 4, 1],
    ]);
  });

  test('data before authentication is answered as failed, stored nowhere, and an alert', async () => {
    const { dial, alerts, directory, close, terminals } = await serve();
    const terminal = dial();
    terminal.send(jtBytes('location', SAMPLE_POSITION, 3));
    for (const part of jtParts(0x0801, Buffer.alloc(2_000), 4)) terminal.send(part);
    expect(briefAnswers(await terminal.answered(4)).map(([, , result]) => result)).toEqual([1, 1, 1, 1]);
    expect(alerts).toEqual(['TERMINAL_UNAUTHENTICATED']);
    expect(terminals.status().frames).toEqual({ 'refused-not-logged-in': 4 });
    await close();
    for (const { records, payloads } of Object.values(zonesOf(directory)))
      expect([...records, ...payloads]).toEqual([]);
  });

  test('a message under another number lies in quarantine, and raises an alert', async () => {
    const { dial, alerts, directory, close } = await serve();
    const terminal = dial();
    await terminal.enter();
    const foreign = jtBytes('location', SAMPLE_POSITION, 3, { phone: '013900000002' });
    terminal.send(foreign);
    expect(briefAnswers(await terminal.answered(3))[2]).toEqual(['platform-answer', 3, 2]);
    expect(alerts).toEqual(['TERMINAL_VIN_MISMATCH']);
    await close();
    expect(zonesOf(directory)['quarantine']?.payloads).toEqual([{ reason: 'TERMINAL_VIN_MISMATCH', payload: foreign }]);
  });

  test('who shows the code takes the place of an older connection', async () => {
    const { dial, terminals } = await serve();
    const first = dial();
    const code = await first.enter();
    const second = dial();
    second.send(jtBytes('authentication', { code }, 1));
    await second.answered(1);
    await first.ended;
    expect(terminals.status().loggedIn).toBe(1);
  });

  test('without a custodian whose qualification stands no position is taken, and a revoked terminal is cut off', async () => {
    const { dial, setClock, alerts, terminals, stores } = await serve();
    const terminal = dial();
    await terminal.enter();
    const before = stores.ledger.totals().framesAdmitted;
    setClock(Date.UTC(2028, 0, 2));
    terminal.send(jtBytes('location', SAMPLE_POSITION, 3));
    expect(briefAnswers(await terminal.answered(3))[2]).toEqual(['platform-answer', 3, 1]);
    expect(stores.ledger.totals().framesAdmitted).toBe(before);
    expect(alerts).toEqual(['TERMINALS_WITHOUT_CUSTODIAN']);
    terminals.cutOff(() => false);
    await terminal.ended;
  });
});
