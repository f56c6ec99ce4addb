import { cell, expect, field, LIST, path, row, test, visit } from '../fixtures/test';

test('adding a number in E.164 or carrier format creates its trunk and rule', async ({ page, server, accessible }) => {
  await server.bot('Concierge');
  const carrier = await server.carrier({ name: 'Exotel', destination_country: 'IN' });
  await visit(page, `${LIST}/${carrier.id}`);
  await expect(page.getByText('No phone numbers yet')).toBeVisible();
  await page.getByRole('link', { name: 'Add the First Number' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  expect(path(page)).toBe(`${LIST}/${carrier.id}?did=new`);
  await expect(field(dialog, 'Phone Number')).toBeFocused();
  await expect(dialog.getByRole('radio', { name: /^Both/ })).toBeChecked();
  await accessible(page, 'add number');

  await field(dialog, 'Phone Number').fill('12');
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(page.locator('#number-number-error')).toHaveText(/Enter the whole number/);
  await expect(field(dialog, 'Phone Number')).toBeFocused();
  await accessible(page, 'add number with a fault');

  await field(dialog, 'Phone Number').fill('098123 45678');
  await field(dialog, 'Label').fill('Mumbai desk');
  await dialog.getByText('Inbound', { exact: true }).click();
  await field(dialog, 'Assign Bot').selectOption({ label: 'Concierge' });
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(dialog).toBeHidden();
  expect(path(page)).toBe(`${LIST}/${carrier.id}`);
  const line = row(page, 'Mumbai desk');
  await expect(line).toContainText('+91 98123 45678');
  await expect(line).toContainText('Inbound');
  await expect(line).toContainText('Concierge');
  const [did] = (await server.get(`/carriers/${carrier.id}`)).dids;
  expect(did).toMatchObject({ number: '09812345678', e164: '+919812345678', direction: 'inbound', label: 'Mumbai desk' });

  await server.waitForStatus(carrier, 'synced');
  const livekit = await server.livekitState();
  expect(livekit.outbound).toEqual([]);
  expect(livekit.inbound[0].numbers).toEqual(['+919812345678', '00919812345678', '09812345678', '9812345678'].sort());
  expect(livekit.rules).toEqual([{ trunk: 'Exotel to Concierge', agent: 'concierge', metadata: '' }]);
});

test('outbound number has no bot field; inbound number without a bot is marked', async ({ page, server, accessible }) => {
  await server.bot('Concierge');
  const carrier = await server.carrier();
  await visit(page, `${LIST}/${carrier.id}?did=new`);
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  const bots = field(dialog, 'Assign Bot');
  await expect(bots).toBeVisible();
  await dialog.getByText('Outbound', { exact: true }).click();
  await expect(bots).toBeHidden();
  await accessible(page, 'add outbound number');
  await dialog.getByText('Inbound', { exact: true }).click();
  await expect(bots).toBeVisible();
  await dialog.getByText('Outbound', { exact: true }).click();
  await field(dialog, 'Phone Number').fill('+14155550140');
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(row(page, '+1 415-555-0140')).toContainText('Outbound');
  await expect(cell(row(page, '+1 415-555-0140'), 'Assigned Bot')).toHaveText(/—/);

  await page.getByRole('link', { name: 'Add Number', exact: true }).click();
  await field(dialog, 'Phone Number').fill('+14155550141');
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(row(page, '+1 415-555-0141')).toContainText('No bot: calls are rejected');
  await accessible(page, 'numbers');
  await server.waitForStatus(carrier, 'synced');
  const livekit = await server.livekitState();
  expect(livekit.inbound).toEqual([]);
  expect(livekit.rules).toEqual([]);
  expect(livekit.outbound[0].numbers).toEqual(['+14155550140', '+14155550141']);
});

test('number is read-only while editing, and removing it asks for confirmation', async ({ page, server, accessible }) => {
  const [concierge, sales] = [await server.bot('Concierge'), await server.bot('Sales')];
  const carrier = await server.carrier();
  const did = await server.number(carrier, '+14155550134', { bot_id: concierge.id, label: 'Desk' });
  await server.number(carrier, '+14155550135', { bot_id: concierge.id });
  await visit(page, `${LIST}/${carrier.id}`);
  await page.getByRole('link', { name: 'Edit +1 415-555-0134' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit Number' });
  expect(path(page)).toBe(`${LIST}/${carrier.id}?did=${did.id}`);
  await expect(field(dialog, 'Phone Number')).toBeDisabled();
  await expect(field(dialog, 'Phone Number')).toHaveValue('+14155550134');
  await expect(field(dialog, 'Label')).toBeFocused();
  await expect(field(dialog, 'Assign Bot')).toHaveValue(concierge.id);
  await accessible(page, 'edit number');
  await field(dialog, 'Label').fill('Sales desk');
  await field(dialog, 'Assign Bot').selectOption({ label: 'Sales' });
  await dialog.getByRole('button', { name: 'Save Number' }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, 'Sales desk')).toContainText('Sales');
  await expect(page.getByRole('link', { name: 'Edit +1 415-555-0134' })).toBeFocused();
  await expect
    .poll(async () => (await server.livekitState()).inbound.map((trunk) => [trunk.name, trunk.numbers]))
    .toEqual([['Twilio to Concierge', ['+14155550135', '0014155550135']], ['Twilio to Sales', ['+14155550134', '0014155550134']]]);

  await page.getByRole('link', { name: 'Remove +1 415-555-0134' }).click();
  const question = page.getByRole('dialog', { name: /Remove/ });
  await expect(question).toContainText('+1 415-555-0134 (Sales desk)');
  await expect(question).toContainText('Sales no longer answers it');
  await expect(question.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'remove number');
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  expect((await server.get(`/carriers/${carrier.id}`)).did_count).toBe(2);
  await page.getByRole('link', { name: 'Remove +1 415-555-0134' }).click();
  await question.getByRole('button', { name: 'Remove Number' }).click();
  await expect(question).toBeHidden();
  await expect(row(page, 'Sales desk')).toHaveCount(0);
  await server.expectLivekit({
    inbound: [{ name: 'Twilio to Concierge', numbers: ['+14155550135', '0014155550135'], addresses: [], username: 'acme' }],
    outbound: [{ name: 'Twilio', address: 'acme.pstn.twilio.com', numbers: ['+14155550135'], username: 'acme' }],
    rules: [{ trunk: 'Twilio to Concierge', agent: 'concierge', metadata: '' }],
  });
  expect((await server.get(`/bots/${sales.id}`)).did_count).toBe(0);
});

test('number of another carrier is rejected in any spelling, with a link to that carrier', async ({ page, server, guard, accessible }) => {
  const holder = await server.carrier({ name: 'Plivo', destination_country: 'IN' });
  await server.number(holder, '09812345678');
  const carrier = await server.carrier({ name: 'Twilio' });
  await visit(page, `${LIST}/${carrier.id}?did=new`);
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  await field(dialog, 'Phone Number').fill('+91 98123 45678');
  await field(dialog, 'Label').fill('Kept as typed');
  guard.expectRefusal(409, /\/dids\/add$/);
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(page.locator('#number-number-error')).toContainText('is already a number of Plivo');
  await expect(field(dialog, 'Phone Number')).toHaveValue('+91 98123 45678');
  await expect(field(dialog, 'Label')).toHaveValue('Kept as typed');
  await accessible(page, 'number taken');
  await dialog.getByRole('link', { name: 'Open Plivo' }).click();
  await page.getByRole('dialog', { name: 'Leave Without Saving?' }).getByRole('button', { name: 'Discard Changes' }).click();
  await expect(page.getByRole('heading', { name: 'Plivo', level: 1 })).toBeVisible();
  expect(path(page)).toBe(`${LIST}/${holder.id}`);
  expect((await server.get(`/carriers/${carrier.id}`)).did_count).toBe(0);
});

test('number without a country code is marked as incomplete', async ({ page, server }) => {
  const carrier = await server.carrier({ destination_country: null });
  await server.number(carrier, '4155550134');
  await server.number(carrier, '+14155550135');
  await visit(page, `${LIST}/${carrier.id}`);
  await expect(row(page, '4155550134')).toContainText('No country code: set the carrier’s destination country to complete it.');
  await expect(row(page, '+1 415-555-0135')).not.toContainText('No country code');

  const indian = await server.carrier({ name: 'Plivo', destination_country: 'IN' });
  await server.number(indian, '88001234');
  await visit(page, `${LIST}/${indian.id}`);
  await expect(row(page, '88001234')).toContainText('Incomplete: not a valid number in India.');
});

test('conflicting edits of a number are shown and merged', async ({ page, colleague, server, guard }) => {
  const carrier = await server.carrier();
  const bot = await server.bot('Concierge');
  const did = await server.number(carrier, '+14155550134', { label: 'Desk' });
  const address = `${LIST}/${carrier.id}?did=${did.id}`;
  await visit(page, address);
  await visit(colleague, address);
  const mine = page.getByRole('dialog', { name: 'Edit Number' });
  await field(mine, 'Label').fill('Mine');
  const theirs = colleague.getByRole('dialog', { name: 'Edit Number' });
  await field(theirs, 'Label').fill('Theirs');
  await field(theirs, 'Assign Bot').selectOption({ label: 'Concierge' });
  await theirs.getByRole('button', { name: 'Save Number' }).click();
  await expect(theirs).toBeHidden();

  await expect(field(mine, 'Label')).toHaveValue('Mine');
  guard.expectRefusal(409, /\/dids\/update$/);
  await mine.getByRole('button', { name: 'Save Number' }).click();
  const conflict = page.getByRole('dialog', { name: 'Someone else saved this number' });
  await expect(conflict.getByRole('row', { name: /Label/ })).toContainText(/Theirs\s*Mine/);
  await expect(conflict.getByRole('row', { name: /Bot/ })).toContainText(/Concierge\s*not changed by you/);
  await conflict.getByRole('button', { name: 'Keep mine and save' }).click();
  await expect(conflict).toBeHidden();
  await expect(mine).toBeHidden();
  await expect(row(page, 'Mine')).toBeVisible();
  await expect(row(colleague, 'Mine')).toBeVisible();
  expect((await server.get(`/carriers/${carrier.id}`)).dids[0]).toMatchObject({ label: 'Mine', bot_id: bot.id });
});

test('number stays in its dialog with the reason when the request fails', async ({ page, server, guard }) => {
  const carrier = await server.carrier();
  await visit(page, `${LIST}/${carrier.id}?did=new`);
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  await field(dialog, 'Phone Number').fill('+14155550134');
  guard.expectOffline();
  await page.route('**/dids/add', (route) => route.abort());
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  const why = dialog.getByRole('alert');
  await expect(why).toHaveText(/The server does not answer.*What you typed is still here/);
  await expect(field(dialog, 'Phone Number')).toHaveValue('+14155550134');
  await page.unroute('**/dids/add');

  await page.route('**/dids/add', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }));
  guard.expectRefusal(502, /\/dids\/add$/);
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(why).toHaveText(/The answer could not be read/);
  await page.unroute('**/dids/add');
  await dialog.getByRole('button', { name: 'Add Number' }).click();
  await expect(dialog).toBeHidden();
  await expect(row(page, '+1 415-555-0134')).toBeVisible();
});

test('number can be added and edited with the keyboard', async ({ page, server }) => {
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier();
  await visit(page, `${LIST}/${carrier.id}`);
  /** Presses Tab until the element with that name has the focus. */
  const tabTo = async (name: RegExp) => {
    const here = () =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        const label = (element as HTMLInputElement | null)?.labels?.[0]?.innerText;
        return element?.getAttribute('aria-label') ?? label ?? element?.innerText ?? '';
      });
    for (let presses = 0; presses < 40; presses++) {
      if (name.test((await here()).trim())) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${name}`);
  };
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await tabTo(/^Add Number$/);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add Number' });
  await expect(field(dialog, 'Phone Number')).toBeFocused();
  await page.keyboard.type('+14155550134');
  await page.keyboard.press('Tab');
  await page.keyboard.type('By hand');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('radio', { name: /^Both/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: /^Inbound/ })).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(field(dialog, 'Assign Bot')).toBeFocused();
  await page.keyboard.type('Conc');
  await expect(field(dialog, 'Assign Bot')).toHaveValue(bot.id);
  await tabTo(/^Label/);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(row(page, 'By hand')).toContainText('Concierge');

  await tabTo(/^Edit \+1 415-555-0134$/);
  await page.keyboard.press('Enter');
  await expect(field(page, 'Label')).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Keyboard only');
  await page.keyboard.press('Enter');
  await expect(row(page, 'Keyboard only')).toBeVisible();
  expect((await server.get(`/carriers/${carrier.id}`)).dids).toMatchObject([
    { number: '+14155550134', label: 'Keyboard only', direction: 'inbound', bot_id: bot.id },
  ]);
});

test('table of numbers searches, filters, sorts and pages, and keeps that after a save', async ({ page, server, accessible }) => {
  test.slow();
  const bot = await server.bot('Concierge');
  const carrier = await server.carrier();
  const numbers = Array.from({ length: 55 }, (_, index) => `+141555501${String(index).padStart(2, '0')}`);
  for (let start = 0; start < numbers.length; start += 11) {
    await Promise.all(
      numbers.slice(start, start + 11).map((number, index) =>
        server.number(carrier, number, { label: `Extension ${start + index}`, bot_id: start + index === 7 ? bot.id : undefined }),
      ),
    );
  }
  await visit(page, `${LIST}/${carrier.id}`);
  const section = page.getByRole('region', { name: 'Phone Numbers' });
  await expect(section.getByText('50 of 55')).toBeVisible();
  await section.getByRole('link', { name: 'Next' }).click();
  await expect(section.getByText('51–55 of 55')).toBeVisible();
  await accessible(page, 'second page of numbers');

  // Every word has to match the label, the bot or, from four digits on, the number.
  await section.getByRole('searchbox').fill('extension 0107');
  await expect(section.getByText('1 of 1')).toBeVisible();
  await page.getByRole('link', { name: 'Edit +1 415-555-0107' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit Number' });
  await field(dialog, 'Label').fill('Extension 7, renamed');
  await dialog.getByRole('button', { name: 'Save Number' }).click();
  await expect(dialog).toBeHidden();
  await expect(row(section, 'Extension 7, renamed')).toBeVisible();
  expect(path(page)).toBe(`${LIST}/${carrier.id}?q=extension%200107`);

  await section.getByRole('searchbox').fill('');
  await section.getByRole('combobox', { name: 'Bot' }).selectOption({ label: 'No Bot' });
  await expect(section.getByText('50 of 54')).toBeVisible();
  await section.getByRole('combobox', { name: 'Bot' }).selectOption({ label: 'Concierge' });
  await expect(section.getByText('1 of 1')).toBeVisible();
  await section.getByRole('combobox', { name: 'Bot' }).selectOption({ label: 'All Bots' });
  await section.getByRole('columnheader', { name: 'Number' }).getByRole('link').click();
  await expect(section.locator('tbody tr').first()).toContainText('+1 415-555-0154');
});

test('selected numbers get a bot, another direction, and are removed', async ({ page, server, accessible }) => {
  await server.bot('Concierge');
  const carrier = await server.carrier();
  for (const number of ['+14155550134', '+14155550135', '+14155550136']) await server.number(carrier, number);
  await visit(page, `${LIST}/${carrier.id}`);
  const select = (number: string) => page.getByRole('checkbox', { name: `Select ${number}` }).check();
  await select('+1 415-555-0134');
  await select('+1 415-555-0135');
  await page.getByRole('button', { name: 'Assign Bot…' }).click();
  const assign = page.getByRole('dialog', { name: 'Assign Bot' });
  await expect(assign).toContainText('2 phone numbers');
  await field(assign, 'Assign Bot').selectOption({ label: 'Concierge' });
  await accessible(page, 'assigning a bot to selected numbers');
  await assign.getByRole('button', { name: 'Assign Bot' }).click();
  await expect(assign).toBeHidden();
  await expect(page.getByRole('status').filter({ hasText: 'Changed the bot of 2 numbers.' })).toBeVisible();
  await expect(row(page, '+1 415-555-0134')).toContainText('Concierge');
  await expect(row(page, '+1 415-555-0136')).toContainText('No bot');

  await select('+1 415-555-0136');
  await page.getByRole('button', { name: 'Change Direction…' }).click();
  const change = page.getByRole('dialog', { name: 'Change Direction' });
  await change.getByText('Outbound', { exact: true }).click();
  await change.getByRole('button', { name: 'Change Direction' }).click();
  await expect(change).toBeHidden();
  await expect(row(page, '+1 415-555-0136')).toContainText('Outbound');

  await page.getByRole('checkbox', { name: /page/ }).check();
  await page.getByRole('button', { name: 'Remove…' }).click();
  const remove = page.getByRole('dialog', { name: 'Remove Numbers' });
  await expect(remove).toContainText('3 phone numbers');
  await expect(remove.getByRole('link', { name: 'Cancel' })).toBeFocused();
  await accessible(page, 'removing selected numbers');
  await remove.getByRole('button', { name: 'Remove Numbers' }).click();
  await expect(page.getByText('No phone numbers yet')).toBeVisible();
  expect((await server.get(`/carriers/${carrier.id}`)).dids).toEqual([]);
});
