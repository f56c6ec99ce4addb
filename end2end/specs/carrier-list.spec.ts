import { cell, waitForHydration, expect, LIST, names, path, row, test, visit } from '../fixtures/test';

test('empty list says what to do', async ({ page, accessible }) => {
  await visit(page, LIST);
  await expect(page.getByText('No carriers yet')).toBeVisible();
  await accessible(page, 'empty list');
  await page.getByRole('link', { name: 'Read the Guide' }).click();
  await expect(page.getByRole('dialog', { name: 'Carrier guide' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Add the First Carrier' }).click();
  await expect(page.getByRole('heading', { name: 'Add Carrier' })).toBeVisible();
});

test('list shows seven columns and the authentication as badges', async ({ page, server, accessible }) => {
  const none = { auth_username: null, auth_password: null };
  const bot = await server.bot();
  const twilio = await server.carrier({ name: 'Twilio', outbound_cps: 2.5, outbound_burst: 20 });
  await server.number(twilio, '+14155550134', { bot_id: bot.id });
  await server.number(twilio, '+14155550135');
  await server.carrier({ name: 'Plivo', sip_address: 'in.zt.plivo.com:5060', ...none, allowed_addresses: ['203.0.113.0/24'] });
  await server.carrier({ name: 'Guarded', allowed_addresses: ['203.0.113.9'] });
  await server.carrier({ name: 'Shut', ...none });
  const open = await server.carrier({ name: 'Wide open', ...none, accept_any_source: true });
  await server.waitForStatus(twilio, 'synced');
  await server.waitForStatus(open, 'synced');

  await visit(page, LIST);
  const heads = await page.getByRole('columnheader').allInnerTexts();
  expect(heads.map((head) => head.trim())).toEqual(['Name', 'SIP Address', 'Auth', 'DIDs', 'CPS', 'LiveKit', 'Last Synced']);
  await expect(row(page, 'acme.pstn.twilio.com').filter({ hasText: '2.5/s' })).toHaveText(
    /Twilio\s*acme\.pstn\.twilio\.com\s*Password\s*2\s*2\.5\/s\s*· burst 20\s*Synced\s*just now/,
  );
  const badges = async (name: string) => {
    const line = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
    return (await cell(line, 'Auth').locator(':is(.badge, [title])').allInnerTexts()).join(' ').trim();
  };
  expect(await badges('Twilio')).toBe('Password');
  expect(await badges('Plivo')).toBe('IP');
  expect(await badges('Guarded')).toBe('Password IP');
  expect(await badges('Shut')).toBe('None');
  expect(await badges('Wide open')).toBe('Any Source');
  // Without phone numbers there is nothing that could be synced.
  await expect(cell(row(page, 'Wide open'), 'LiveKit')).toHaveText(/No Trunks/);
  await expect(page.getByText('5 SIP providers, 2 numbers.')).toBeVisible();
  await expect(page.getByText('5 of 5')).toBeVisible();
  await accessible(page, 'list');
});

test('search finds names and addresses, is kept in the address and cleared with Esc', async ({ page, server, accessible }) => {
  for (const [name, sip_address] of [
    ['Twilio US East', 'acme.pstn.twilio.com'],
    ['Plivo', 'in.zt.plivo.com'],
    ['Backup', 'east.example.net:5061'],
    ['100% Voice_Co', 'percent.example'],
  ]) {
    await server.carrier({ name, sip_address });
  }
  await visit(page, LIST);
  const search = page.getByRole('searchbox', { name: 'Search Name or SIP Address' });
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await page.keyboard.type('EAST');
  await expect(page).toHaveURL(/\?q=EAST$/);
  await expect.poll(() => names(page)).toEqual(['Backup', 'Twilio US East']);
  await expect(page.getByText('2 of 2')).toBeVisible();

  await page.reload();
  await waitForHydration(page);
  await expect(search).toHaveValue('EAST');
  await expect.poll(() => names(page)).toEqual(['Backup', 'Twilio US East']);

  // Special characters of SQL and URLs are literal.
  await search.fill('0% voice_');
  await expect.poll(() => names(page)).toEqual(['100% Voice_Co']);
  expect(new URL(page.url()).searchParams.get('q')).toBe('0% voice_');

  await search.fill('nobody & co');
  await expect(page.getByText('Nothing found for “nobody & co”')).toBeVisible();
  await accessible(page, 'search without result');
  await search.press('Escape');
  await expect(page).toHaveURL(server.url + LIST);
  await expect.poll(() => names(page)).toHaveLength(4);

  await search.fill('plivo');
  await expect.poll(() => names(page)).toEqual(['Plivo']);
  await search.fill('none such');
  await page.getByRole('link', { name: 'Clear Search' }).click();
  await expect.poll(() => names(page)).toHaveLength(4);
  await expect(search).toHaveValue('');
});

test('column head sorts, a second click reverses, and the address keeps it', async ({ page, server }) => {
  await server.carrier({ name: 'alpha', sip_address: 'c.example', outbound_cps: 10 });
  await server.carrier({ name: 'Bravo', sip_address: 'a.example', outbound_cps: 2 });
  await server.carrier({ name: 'charlie', sip_address: 'b.example', outbound_cps: 0.5 });
  await visit(page, LIST);
  const head = (name: string) => page.getByRole('columnheader', { name, exact: true });
  await expect(head('Name')).toHaveAttribute('aria-sort', 'ascending');
  expect(await names(page)).toEqual(['alpha', 'Bravo', 'charlie']);

  // Amounts are sorted with the highest first.
  await head('CPS').getByRole('link').click();
  await expect(head('CPS')).toHaveAttribute('aria-sort', 'descending');
  await expect(head('Name')).not.toHaveAttribute('aria-sort');
  await expect(page).toHaveURL(/\?sort=-outbound_cps$/);
  await expect.poll(() => names(page)).toEqual(['alpha', 'Bravo', 'charlie']);
  await head('CPS').getByRole('link').click();
  await expect(head('CPS')).toHaveAttribute('aria-sort', 'ascending');
  await expect.poll(() => names(page)).toEqual(['charlie', 'Bravo', 'alpha']);

  await head('SIP Address').getByRole('link').click();
  await expect.poll(() => names(page)).toEqual(['Bravo', 'charlie', 'alpha']);
  await page.reload();
  await waitForHydration(page);
  await expect(head('SIP Address')).toHaveAttribute('aria-sort', 'ascending');
  expect(await names(page)).toEqual(['Bravo', 'charlie', 'alpha']);
  await page.goBack();
  await expect(head('CPS')).toHaveAttribute('aria-sort', 'ascending');
});

test('120 carriers are paged: next, previous and by direct link', async ({ page, server }) => {
  test.slow();
  const all = Array.from({ length: 120 }, (_, index) => `Carrier ${String(index + 1).padStart(3, '0')}`);
  for (let start = 0; start < all.length; start += 10) {
    await Promise.all(all.slice(start, start + 10).map((name) => server.carrier({ name })));
  }
  await visit(page, LIST);
  await expect(page.getByText('120 SIP providers')).toBeVisible();
  await expect(page.getByText('50 of 120')).toBeVisible();
  expect(await names(page)).toEqual(all.slice(0, 50));
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages.getByRole('link', { name: /Previous|First/ })).toHaveCount(0);
  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText('51–100 of 120')).toBeVisible();
  expect(await names(page)).toEqual(all.slice(50, 100));

  await page.reload();
  await waitForHydration(page);
  await expect(page.getByText('51–100 of 120')).toBeVisible();
  expect(await names(page)).toEqual(all.slice(50, 100));

  await pages.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText('101–120 of 120')).toBeVisible();
  expect(await names(page)).toEqual(all.slice(100));
  await expect(pages.getByRole('link', { name: 'Next' })).toHaveCount(0);

  // A page whose rows were all deleted is not an empty list.
  const { items } = await server.get('/carriers?sort=-name&limit=20');
  await Promise.all(items.map(({ id }: { id: string }) => server.delete(`/carriers/${id}`)));
  await expect(page.getByText('Nothing is left on this page')).toBeVisible();
  await expect(page.getByText('none of 100')).toBeVisible();
  await page.getByRole('link', { name: 'Previous Page' }).click();
  await expect(page.getByText('51–100 of 100')).toBeVisible();
  await pages.getByRole('link', { name: 'Previous' }).click();
  await expect(page.getByText('50 of 100')).toBeVisible();
  expect(await names(page)).toEqual(all.slice(0, 50));

  // A search starts at the first page.
  await pages.getByRole('link', { name: 'Next' }).click();
  await page.getByRole('searchbox').fill('Carrier 09');
  await expect.poll(() => names(page)).toEqual(all.slice(89, 99));
});

test('direct link and menu show the same list', async ({ page, server }) => {
  for (const name of ['One', 'Two', 'Three']) await server.waitForStatus(await server.carrier({ name }), 'synced');
  await visit(page, LIST);
  const rows = () => page.locator('tbody').innerText();
  const direct = await rows();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Bots' }).click();
  await expect(page.getByRole('heading', { name: 'Bots', level: 1 })).toBeVisible();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Carriers' }).click();
  await expect(page.getByRole('link', { name: 'Three' })).toBeVisible();
  expect(await rows()).toBe(direct);
  await expect(page).toHaveTitle('Carriers · Trunkline');
});

test('click on a row opens the carrier, and Back restores the list', async ({ page, server }) => {
  const carrier = await server.carrier({ name: 'Twilio' });
  await server.carrier({ name: 'Other', sip_address: 'other.example' });
  await visit(page, `${LIST}?q=twilio`);
  await row(page, 'Twilio').getByRole('cell').nth(4).click();
  await expect(page).toHaveURL(`${server.url}${LIST}/${carrier.id}`);
  await expect(page.getByRole('heading', { name: 'Twilio', level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\?q=twilio$/);
  await expect.poll(() => names(page)).toEqual(['Twilio']);
  await expect(page.getByRole('searchbox')).toHaveValue('twilio');
});

test('guide opens over the list and restores the focus', async ({ page, server, accessible }) => {
  await server.carrier();
  await visit(page, `${LIST}?q=tw`);
  const button = page.getByRole('link', { name: 'Guide' });
  await button.focus();
  await page.keyboard.press('Enter');
  const guide = page.getByRole('dialog', { name: 'Carrier guide' });
  await expect(guide).toBeVisible();
  expect(path(page)).toBe(`${LIST}?q=tw&guide=1`);
  for (const chapter of ['Connection settings', 'Authentication', 'Pacing', 'Inbound calls', 'Outbound calls', 'Sync status', 'Plivo', 'Twilio', 'Exotel']) {
    await expect(guide.getByRole('heading', { name: chapter })).toBeVisible();
  }
  await accessible(page, 'guide');
  await page.keyboard.press('Escape');
  await expect(guide).toBeHidden();
  expect(path(page)).toBe(`${LIST}?q=tw`);
  await expect(button).toBeFocused();

  await visit(page, `${LIST}?guide=1`);
  await expect(guide).toBeVisible();
  // The modal dialog keeps the focus inside.
  for (let presses = 0; presses < 14; presses++) await page.keyboard.press('Tab');
  expect(await page.evaluate(() => !document.activeElement || document.activeElement === document.body || !!document.activeElement.closest('dialog'))).toBe(true);
  await guide.getByRole('link', { name: 'Close' }).click();
  await expect(guide).toBeHidden();
  expect(path(page)).toBe(LIST);
});

test('integrations card shows the Exotel connection and links to it', async ({ page, accessible }) => {
  await visit(page, LIST);
  const card = page.getByRole('region', { name: 'Integrations' });
  const carriers = page.getByRole('region', { name: 'Carriers', exact: true });
  // Beside the table, or above it on narrow windows.
  expect((await card.boundingBox())!.y).toBeLessThan((await carriers.boundingBox())!.y);
  await page.setViewportSize({ width: 1536, height: 900 });
  expect((await card.boundingBox())!.y).toBe((await carriers.boundingBox())!.y);
  expect((await card.boundingBox())!.x).toBeGreaterThan((await carriers.boundingBox())!.x);
  await expect(card).toContainText('Not connected');
  await card.getByRole('link', { name: /Exotel/ }).click();
  await expect(page.getByRole('heading', { name: 'Exotel', level: 1 })).toBeVisible();
  await accessible(page, 'Exotel');
  await page.getByRole('link', { name: 'Open Guide' }).click();
  await expect(page.getByRole('dialog', { name: 'Carrier guide' })).toBeVisible();
});
